"""Result in, document out: charts, pages, mails, PDF."""
