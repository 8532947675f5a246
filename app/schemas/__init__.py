"""What crosses a door: the bodies that come in and the answers that go out."""
