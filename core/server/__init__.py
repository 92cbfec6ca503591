"""The server's side: moderation, tickets, reminders, choices for channels. Plain rules; no Discord here."""
