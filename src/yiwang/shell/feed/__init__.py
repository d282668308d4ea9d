"""A person's deadlines as iCalendar (RFC 5545, RFC 7986), for calendar programs."""
