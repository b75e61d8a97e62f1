"""What follows from findings: rebuttals, corrective actions, overpayments, and what is overdue of them."""
