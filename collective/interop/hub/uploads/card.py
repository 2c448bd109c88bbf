"""The head of a README.md. Pure."""

import yaml

FENCE = "---"


def problems_of(content: object) -> list[str]:
    """What is wrong with a card, for the person who wrote it."""
    if not isinstance(content, str):
        return ["There is no content."]
    lines = content.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != FENCE or FENCE not in lines[1:]:
        return []
    try:
        head = yaml.safe_load("\n".join(lines[1 : lines.index(FENCE, 1)]))
    except yaml.YAMLError as error:
        return [f"The head of README.md is not YAML: {error}"]
    return [] if head is None or isinstance(head, dict) else ["The head of README.md holds no names and values."]
