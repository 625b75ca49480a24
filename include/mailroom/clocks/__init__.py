"""Follow-ups on business calendars: what due clocks ask for."""
