"""Who a route is for, in the combinations that pages need."""

from auditor.domain.people import Role

OFFICERS = frozenset({Role.OFFICER})
OVERSEERS = frozenset({Role.OFFICER, Role.MANAGER})
WATCHERS = frozenset({Role.OFFICER, Role.MANAGER, Role.ADMIN})
KEEPERS = frozenset({Role.OFFICER, Role.ADMIN})
REVIEWERS = frozenset({Role.AUDITOR, Role.OFFICER})
RESULTS = frozenset({Role.CODER, Role.AUDITOR, Role.OFFICER})
