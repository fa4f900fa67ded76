"""What each feature of an order weighs: chosen with `ORDER`, the sum that makes an order."""

from typing import Final

ORDER: Final = 4
"""From here on a sentence is an order.

Of 129 public articles and 30 honest stories about orders none has this much.
"""

# One feature decides alone: to set aside the orders that were given before. Somebody who is spoken
# to and is a machine, or one who is given another role, needs one thing more.
LIFT, LIFT_SOMETHING, ADDRESSED, ROLE = 5, 3, 3, 3
VERB, OBJECT, DUTY, TASK, OWN, MUST = 2, 2, 2, 2, 2, 2
SURE, LABEL, WEAK_LABEL = ORDER, 4, 2
HERE, AMENDS, MACHINE = 1, 1, 1
