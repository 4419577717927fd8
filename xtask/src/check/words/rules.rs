//! The banned words, and their replacements.

/// A rule. Names are split into words. [`super::patterns::Patterns`] describes the patterns; they are in lower case,
/// except for labels and types, which are compared exactly.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) place: Place,
    pub(super) pattern: &'static str,
    pub(super) instead: &'static str,
}

/// The places that a rule applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Comments, texts, templates and documents.
    Prose,
    /// The beginning of a doc comment.
    Opening,
    /// The complete text of a button, heading or column.
    Label,
    /// Words of identifiers and file names.
    Name,
    /// Complete identifiers, except in programmes, which may need the word, and in tests of the server.
    Type,
    /// `mod NAME`.
    Module,
}

pub(super) const fn prose(pattern: &'static str, instead: &'static str) -> Rule {
    rule(Place::Prose, pattern, instead)
}

const fn opening(pattern: &'static str) -> Rule {
    rule(Place::Opening, pattern, "a verb with its object, or a noun, to begin a doc comment")
}

const fn label(pattern: &'static str, instead: &'static str) -> Rule {
    rule(Place::Label, pattern, instead)
}

const fn name(pattern: &'static str, instead: &'static str) -> Rule {
    rule(Place::Name, pattern, instead)
}

const fn type_name(pattern: &'static str, instead: &'static str) -> Rule {
    rule(Place::Type, pattern, instead)
}

const fn module(pattern: &'static str, instead: &'static str) -> Rule {
    rule(Place::Module, pattern, instead)
}

const fn rule(place: Place, pattern: &'static str, instead: &'static str) -> Rule {
    Rule { place, pattern, instead }
}

pub(super) const RULES: &[Rule] = &[
    // Words that are never used.
    prose("the house", r#""the server", or name it"#),
    prose("house|houses|household|households", r#""server", "site", "client address", or name it"#),
    prose("the|a|this|our|no|every|each|whole|empty hall|halls", r#""the server", or name it"#),
    prose(
        "!no|little|enough|is|free|have|make|made|makes|leaves room|rooms !for|to|left|below",
        r#""module""#,
    ),
    prose(
        "!dead|small|capital|lower|upper|case|lowercase|uppercase|ascii|latin letter|letters !or|spacing",
        r#""email", or "character""#,
    ),
    prose("somebody|somebody's", r#""a person", "someone", or name them"#),
    prose("nobody|nobody's", r#""no one", or say what is absent"#),
    prose("stands|stood !for", r#""is", "was", "applies", or the verb that is meant"#),
    prose("is|are|was|were|be|been|being told", "who sends or shows what"),
    prose("so many", r#"the number's name: "`limit`", "at most `limit`""#),
    prose("of none it is nothing", r#""Unknown tokens are ignored.""#),
    prose("none is|are", "what is absent"),
    prose("that is none", r#""unknown""#),
    prose("is|are|be one no more", r#""revoked""#),
    prose("no more !than|often", r#""no longer""#),
    prose("dwell|dwells|dwelt|dwelling", r#""is""#),
    prose("mend|mends|mended|mending", r#""fix", "repair""#),
    prose("bring|brings|brought|bringing", r#""add", "install", "restore", "take""#),
    // Openings of doc comments.
    opening("what|what's"),
    opening("who|who's"),
    opening("whom"),
    opening("whose"),
    opening("whoever"),
    opening("where"),
    opening("wherever"),
    opening("whether"),
    opening("whatever"),
    opening("so many"),
    opening("none"),
    opening("those"),
    // Names in code.
    name("room|rooms", "`module`"),
    name("shelf|shelves", "`layer`, `demo_mailbox`"),
    name("lane|lanes", "`lock`"),
    name("house|houses|hall|halls", "`app`, `server`"),
    name("office|offices", "`admin`"),
    name("door|doors", "`auth`, `authorization`"),
    name("desk", "`sign_in`"),
    name("sight", "`flag_view`"),
    name("wish|wishes", "`…_input`"),
    name("stood|standing", "its subject: `job_status`, `contribution_state`, `rank_position`"),
    name("!dead letter|letters", "`email`, `template`"),
    name("tell of", "`notify_…`"),
    name("told !at", "`sent`, `notified`"),
    name("woken", "`claimed`"),
    name("look|looks|looked after", "`manage`"),
    name("somebody|nobody|whoever", "`anyone`, `no_one`, or name them"),
    name("so many", "`limit`, `count`"),
    name("mend|mends|mended", "`fix`, `repair`"),
    name("hot", "`page_cache`"),
    name("bring|brings|brought", "`reconcile`, `add`, `restore`"),
    module("leaving", "`privacy`"),
    module("keeping", "`backup`"),
    module("repeats", "`idempotency`"),
    module("carry", "`copy`"),
    type_name("Way", "`Provider`"),
    type_name("Means", "`Credential`"),
    type_name("Roster", "`Jobs`"),
    // Phrases of doc comments.
    prose("lies not ahead", r#""is not in the future""#),
    prose("found to send", r#""Removes the viewer from the request.""#),
    prose("is told things", r#""Registers a push subscription.""#),
    prose("of one household", r#""per client address""#),
    prose("what tells a pull request from another", r#""Identifies a pull request.""#),
    prose("at most so many", r#""at most `limit`""#),
    prose("asked again is done once", r#""Idempotent requests.""#),
    // Phrases of pages and messages.
    prose("who made what", r#""See what each contribution earned, and why""#),
    prose("the hall is full for a moment", r#""The server is busy. Try again in a moment.""#),
    prose("cannot be done so", r#""This could not be saved""#),
    prose("not as things stand", r#""This could not be done""#),
    prose("not open to you", r#""You don't have access.""#),
    prose("what is public stands open", r#""You can still view public pages.""#),
    prose("you asked too often", r#""Too many requests""#),
    prose(
        "whoever runs this house finds what happened by the request",
        r#""Send this request ID to an admin""#,
    ),
    prose("whoever runs", r#""admins""#),
    prose("what reaches you", r#""Notifications""#),
    prose("ways in !which", r#""Sign-in methods""#),
    prose("no letter reaches you yet", r#""You have no email address yet. Add one.""#),
    prose("the day's letter", r#""Daily digest""#),
    prose("letters a day", r#""Maximum emails per day""#),
    prose("no more letters of this kind", r#""Unsubscribe from these emails""#),
    prose("take what is held of you", r#""Download your data""#),
    prose("make the document", r#""Prepare download""#),
    prose("say|says that you mean it", r#""to confirm""#),
    prose("for each program that shall", r#""Create a token for each app that needs access""#),
    prose("look at your mail", r#""Check your email""#),
    prose("by a mailed link", r#""Email me a sign-in link""#),
    prose("nothing waits for you", r#""Nothing needs your attention""#),
    prose("places around", r#""People near you""#),
    prose("the whole board", r#""Full leaderboard""#),
    prose("better ranks", r#""Previous""#),
    prose("following ranks", r#""Next""#),
    prose("reached them first", r#""ties are listed by who got there first""#),
    prose("points of all time", r#""All-time points""#),
    prose("holds from the beginning", r#""since the start""#),
    prose("look|looks|looked|looking after", r#""manage", "maintain""#),
    prose("many merges", r#""Diminishing returns""#),
    prose("nothing for it scores", r#""Spam: −20 points and no awards""#),
    prose("is seen otherwise", r#""corrections are posted as a reversal and a new entry""#),
    prose("taken back and posted again", r#""posted as a reversal and a new entry""#),
    prose("carry|carries no list of files", r#""Webhooks don't list files""#),
    prose("totals stand in", r#""line totals are used""#),
    prose("for how many of a hundred", r#""Rollout (%)""#),
    prose("off anywhere is off", r#""The environment can override this""#),
    prose("until the day begins", r#""Ends on (UTC)""#),
    prose("empty until it is lifted", r#""leave empty for no end date""#),
    prose("what became of", r#""Result""#),
    prose("pull request # followed", r#""Updated #522""#),
    prose("what runs after the answer", r#""Background queues and scheduled jobs""#),
    prose("what is so", r#""Details""#),
    prose("sits in one of your sessions", r#""someone else may be signed in as you""#),
    prose("token is none of", r#""Unknown token""#),
    prose("is banned no more", r#""Ban lifted""#),
    prose("no turn to write", r#""The database was locked for 5 s""#),
    prose("redis cannot be used", r#""Cannot connect to Redis at HOST: …""#),
    prose("token acts for you", r#""Token "ci" was created""#),
    prose("end them", r#""Revoke them""#),
    prose("what you were called", r#""Previous usernames""#),
    prose("the accounts elsewhere", r#""Linked accounts""#),
    prose("tell me on this browser", r#""Enable notifications in this browser""#),
    prose("projects you look after", r#""Projects you maintain""#),
    prose("why they are told", r#""Reason (shown to the person)""#),
    prose("why it is to be", r#""Reason for pausing""#),
    prose("each next is worth", r#""each is worth 80% of the one before""#),
    prose("brings you back", r#""restore the account""#),
    prose("bring|brings no factor", r#""multipliers don't apply""#),
    // Labels.
    label("Keep", r#""Save""#),
    label("Make", r#""Create""#),
    label("May", r#""Scopes""#),
    label("All of it", r#""Full access""#),
    label("In full", r#""All rules""#),
    label("In force", r#""Current""#),
    label("Appoint", r#""Add maintainer""#),
    label("Dismiss", r#""Remove""#),
    label("Left out", r#""Not scored""#),
    label("Switch", r#""Status""#),
    label("Well", r#""OK""#),
    label("Made", r#""Created""#),
    label("Ends", r#""Expires""#),
    label("For", r#""Purpose""#),
];
