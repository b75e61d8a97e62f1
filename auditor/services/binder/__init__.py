"""What an outside reviewer is handed: one zip, proven by a program that needs nothing of ours."""
