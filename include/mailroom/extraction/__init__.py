"""Fields with evidence from papers: a ladder of readers that all fill `domain.document`."""
