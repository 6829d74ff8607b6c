"""The commands of `python -m asl_core`, one file each; heavy libraries load when a command runs."""
