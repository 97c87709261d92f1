"""What they all write."""

PURPOSES = (
    "Lead the new team with less firefighting",
    "Find out whether I want the board seat",
    "Get through the merger without losing people, or myself",
    "Speak up where it counts",
)
AIMS = (
    "Give feedback within a week, also when it is awkward",
    "Two mornings a week without meetings",
    "Let the team decide what it can decide",
    "Present the strategy so that people repeat it",
    "Know by spring what I am the right one for",
)
WHATS = (
    "Call the CFO about the budget",
    "Ask three people what I should stop doing",
    "Leave the weekly report to Ana, and read it once",
    "Block Thursday mornings in my calendar",
    "Say no to one meeting a day",
    "Write down what went well, in two lines, before I go home",
    "Talk to Li about the handover, over lunch and not by mail",
)
CUES = ("When I have closed my laptop on Friday", "After the stand-up", None)
PROMISES = (
    "Send the article on delegation",
    "Ask Sam whether she would talk to you",
    "Find a date in spring",
)
HELPED = ("A walk before the talk", "Ana took over without being asked", "That it was written down")
HINDERED = ("Two fire drills", "I said yes too quickly, twice", "The trip to the plant")
LEARNED = ("Shorter is kinder", "It was the asking that was hard, not the answer", None)
TAKEAWAYS = (
    "Others can do this, and want to",
    "I need the evening before, not the morning",
    "Less, done by others",
)
NOTES = (
    "Laughs when it gets close. Wait.",
    "Energy rose when talking about the apprentices; come back to that.",
    "Avoided the question about the board. Ask once more, later.",
    "Very tired. Ask about the workload before anything else.",
)
LONG = (
    "Go through all of the twenty-three open points from the steering group one by one, decide for each whether it is mine, "
    "whom I would trust with it if it is not, and tell them in person before the end of the month, without keeping a copy"
)
