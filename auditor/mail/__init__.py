"""What the outbox holds, sent: one message a transaction."""
