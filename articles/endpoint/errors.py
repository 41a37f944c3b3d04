"""What can go wrong between an article and a model's answer. Each message is for people, and holds no key."""


class EndpointError(Exception):
    """No events were read, and this is why. Never the same as an article in which the model finds none."""


class BadSetting(EndpointError):
    """The address, the key or a limit cannot be used."""


class Unreachable(EndpointError):
    """No connection."""


class Stalled(EndpointError):
    """The endpoint took the question and then sent no byte for too long."""


class TooSlow(EndpointError):
    """Bytes kept coming, but the answer was not whole in time."""


class BrokenOff(EndpointError):
    """The connection ended before the answer did."""


class BadStatus(EndpointError):
    """An HTTP status that is no answer."""


class TooLarge(EndpointError):
    """An answer larger than any honest one."""


class NotJson(EndpointError):
    """The body, or what the model wrote, is no JSON."""


class WrongShape(EndpointError):
    """JSON, but not in the form that was asked for."""


class CutShort(EndpointError):
    """The model reached its limit of tokens in the middle of its answer."""


class ArticleTooLong(EndpointError):
    """The article does not fit into the pieces that one reading may ask about."""


class AllRefused(EndpointError):
    """The model told of events, and not one of them passed the gate."""
