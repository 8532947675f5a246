"""`POST /predict` under load: this program, the tutorial way, and the floor."""
