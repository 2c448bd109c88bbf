"""What a file may ask of us (reliability reference 2.4). Passing any of these is reported, never suffered."""

MIB = 1024**2
GIB = 1024**3

# The child process.
ADDRESS_SPACE = 2 * GIB
CPU_SECONDS = 300
# A large honest file needs longer than a small one: one more second per this many bytes.
BYTES_PER_CPU_SECOND = 4 * MIB
FILE_SIZE = 4 * GIB
DESCRIPTORS = 64
WALL_SECONDS = 840

# Text.
LINE_BYTES = 16 * MIB
FIELD_CHARACTERS = 131_072
JSON_DEPTH = 64
COLUMNS = 10_000
COLUMN_NAME_BYTES = 255
METADATA_BYTES = 64 * MIB

# Archives.
MEMBERS = 100_000
MEMBER_NAME_BYTES = 255
MEMBER_BYTES = 256 * MIB
EXPANSION_FLOOR = 64 * MIB
EXPANSION_RATIO = 50
EXPANSION_CEILING = 200 * GIB

# Parquet, Arrow and images. A message of Arrow is unpacked as a whole.
GROUP_ROWS = 1_000_000
MESSAGE_BYTES = 128 * MIB
IMAGE_PIXELS = 100_000_000


def expansion_limit(size: int) -> int:
    """Bytes that a file of `size` bytes may unpack to."""
    return max(EXPANSION_FLOOR, min(EXPANSION_CEILING, EXPANSION_RATIO * size))


def cpu_seconds(size: int) -> int:
    """CPU time that a file of `size` bytes may take to parse."""
    return CPU_SECONDS + size // BYTES_PER_CPU_SECOND
