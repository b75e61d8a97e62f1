"""What each role sees first: questions with their proof, figures, own work, own results."""
