"""What is read of an export: the keys that DiscordChatExporter's JsonMessageWriter writes."""

from typing import Annotated, Required

from pydantic import AwareDatetime, ConfigDict, StringConstraints, TypeAdapter, with_config
from typing_extensions import TypedDict

Snowflake = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
EmojiName = Annotated[str, StringConstraints(pattern=r"^[^\x00]{1,100}$")]
THREADS = {"GuildNewsThread", "GuildPublicThread", "GuildPrivateThread"}
WRITTEN = {"Default", "Reply"}
"""What people write; all else are Discord's own notes."""
THREAD_CREATED = "ThreadCreated"

_lenient = with_config(ConfigDict(extra="ignore"))


@_lenient
class Guild(TypedDict):
    """Whose channels they are; `0` where they are direct messages."""

    id: Snowflake
    name: str


@_lenient
class Channel(TypedDict, total=False):
    """`categoryId` is the category, or of a thread the channel that it is in."""

    id: Required[Snowflake]
    type: Required[str]
    name: str
    categoryId: Snowflake | None


@_lenient
class DateRange(TypedDict, total=False):
    """What was asked for; `after` is null where it begins with the first message."""

    after: AwareDatetime | None


@_lenient
class Head(TypedDict, total=False):
    """All that comes before the messages."""

    guild: Required[Guild]
    channel: Required[Channel]
    dateRange: DateRange


@_lenient
class Role(TypedDict):
    """A role of an author."""

    id: Snowflake


@_lenient
class User(TypedDict, total=False):
    """Who wrote or reacted."""

    id: Required[Snowflake]
    name: str
    nickname: str | None
    isBot: bool
    roles: list[Role]


@_lenient
class Emoji(TypedDict, total=False):
    """`id` is empty for one of everybody's, whose name is the character."""

    id: str | None
    name: Required[EmojiName]


@_lenient
class Reaction(TypedDict, total=False):
    """One emoji on a message; older exports have no `users`."""

    emoji: Required[Emoji]
    count: Required[int]
    users: list[User]


@_lenient
class Reference(TypedDict, total=False):
    """What a note is about: of a thread that was made, that thread."""

    channelId: str | None


@_lenient
class Stamp(TypedDict):
    """All that is needed of a message to know when it was."""

    id: Snowflake
    timestamp: AwareDatetime


@_lenient
class Sticker(TypedDict):
    """One that was sent with a message."""

    id: Snowflake


@_lenient
class Attachment(TypedDict):
    """A file that was sent with a message."""

    fileName: str
    fileSizeBytes: int


@_lenient
class Message(TypedDict, total=False):
    """One message."""

    id: Required[Snowflake]
    type: Required[str]
    timestamp: Required[AwareDatetime]
    content: str
    author: Required[User]
    stickers: list[Sticker]
    attachments: list[Attachment]
    reactions: list[Reaction]
    reference: Reference | None


read_head = TypeAdapter(Head).validator.validate_json
read_message = TypeAdapter(Message).validator.validate_json
read_stamp = TypeAdapter(Stamp).validator.validate_json
