"""Prepare whatever is missing, say what is done, and serve: what `make run` starts."""

if __name__ == "__main__":
    # Not at the top: the process of each job imports this file, and the application takes seconds.
    from app.startup import main

    main()
