"""The screens of the app, one thin script each."""
