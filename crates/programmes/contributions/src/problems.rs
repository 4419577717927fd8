//! The codes of this module's problems.

use platform::module::ProblemCode;

/// The codes, with their meanings and next steps.
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new(
        "BAD_DECISION",
        "the decision of a conflict of reviews is missing, unknown or not expected",
        "Send `decision` only with the action `OVERRODE`, as `APPROVED` or `CHANGES_REQUESTED`.",
    ),
    ProblemCode::new(
        "BAD_IDLE_DAYS",
        "a number of days is not from 1 to 730, or pull requests would be abandoned before they are stale",
        "Use a greater number for `abandoned_days` than for `stale_days`.",
    ),
    ProblemCode::new(
        "BAD_RATING",
        "the rating is missing, not from 1 to 5, or not expected",
        "Send a whole number from 1 to 5, with a decision, a comment or the action `RATED`.",
    ),
    ProblemCode::new(
        "BAD_REVIEW_ACTION",
        "the action of a review is unknown",
        "Use one of the actions that the response lists.",
    ),
    ProblemCode::new(
        "OWNER_REQUIRED",
        "only the owner of the project and admins can override a conflict of reviews, or transfer the project",
        "Ask the owner of the project, or an admin if it has none.",
    ),
    ProblemCode::new(
        "OWN_PULL_REQUEST",
        "no one can review their own pull request, or override its points",
        "Ask another maintainer of the project, or another admin.",
    ),
    ProblemCode::new(
        "REVIEW_COMMENT_REQUIRED",
        "the action needs a comment",
        "Enter what is to be changed, or the reason.",
    ),
    ProblemCode::new(
        "REVIEW_COMMENT_TOO_LONG",
        "a comment has more than 10,000 characters",
        "Shorten the comment.",
    ),
    ProblemCode::new(
        "REVIEW_NOT_POSSIBLE",
        "the state of the pull request does not permit the action",
        "The response names the state and what is possible.",
    ),
    ProblemCode::new(
        "REVIEWS_CLOSED",
        "the facts of the pull request are final",
        "Reviews are possible until 7 days after the merge or close, or until the points mature, if that is later.",
    ),
    ProblemCode::new(
        "BAD_PROJECT_NAME",
        "the project's name is empty or longer than 100 characters",
        "Use a name of 1 to 100 characters.",
    ),
    ProblemCode::new(
        "BAD_RULES",
        "the rules document is not valid",
        "Correct every field that `errors` lists.",
    ),
    ProblemCode::new(
        "ALREADY_APPEALED",
        "the decision of the dispute is appealed already",
        "Read the appeal in the thread of the dispute. There is one appeal.",
    ),
    ProblemCode::new(
        "ALREADY_CONTESTED",
        "you contested this decision before, and each is contested once",
        "Read the dispute that the response names. Its decision can be appealed once.",
    ),
    ProblemCode::new(
        "APPEAL_CLOSED",
        "the dispute was granted, or its decision can no longer be appealed",
        "A decision can be appealed for 14 days.",
    ),
    ProblemCode::new(
        "BAN_OVER",
        "the ban that a dispute contests ended, or was lifted or replaced",
        "No action is needed: the dispute is closed within minutes. A ban that replaced it can be contested.",
    ),
    ProblemCode::new(
        "BAD_DISPUTE",
        "a field of a dispute or of a decision is missing or not valid",
        "Correct the field that the response names.",
    ),
    ProblemCode::new(
        "BAD_POINTS",
        "the points of a decision are missing, not a whole number from 0 to 100,000, or not expected",
        "Send points only to set those of a pull request.",
    ),
    ProblemCode::new(
        "CONTEST_CLOSED",
        "the decision can no longer be contested",
        "Decisions can be contested for 14 days; the response says until when.",
    ),
    ProblemCode::new(
        "DISPUTE_DECIDED",
        "the dispute, or its appeal, is decided",
        "Read the decision. The response names who decided, if you tried to.",
    ),
    ProblemCode::new(
        "DISPUTE_INVOLVED",
        "you had a part in what the dispute is about, so you cannot decide it",
        "Ask another moderator, or for an appeal another admin.",
    ),
    ProblemCode::new(
        "DISPUTE_OPEN",
        "the dispute is not decided, so there is nothing to appeal",
        "Wait for the decision.",
    ),
    ProblemCode::new(
        "DISPUTE_TEXT_REQUIRED",
        "a dispute, a message or an appeal needs a text",
        "Enter a text.",
    ),
    ProblemCode::new(
        "DISPUTE_TEXT_TOO_LONG",
        "a text has more than 5,000 characters",
        "Shorten the text, or add it as several messages.",
    ),
    ProblemCode::new(
        "NO_APPEAL",
        "the dispute has no appeal to decide",
        "Decide the dispute itself, without `is_appeal`.",
    ),
    ProblemCode::new(
        "NOT_A_PARTY",
        "only the person who opened the dispute, the one whose decision it contests, moderators, and maintainers of the project can see it",
        "Ask a moderator.",
    ),
    ProblemCode::new(
        "NOT_SCORED",
        "the pull request is not scored yet, so there are no points to freeze",
        "Try again in a moment.",
    ),
    ProblemCode::new(
        "OWN_DISPUTE",
        "the dispute concerns you, so you cannot decide it",
        "Ask another moderator.",
    ),
    ProblemCode::new(
        "THREAD_FULL",
        "the thread of the dispute has 100 entries",
        "Wait for the decision.",
    ),
    ProblemCode::new(
        "FLAG_DECIDED",
        "another moderator decided on the flag meanwhile",
        "Read the decision. To change it, reopen the flag.",
    ),
    ProblemCode::new(
        "FLAG_EFFECT",
        "the flag is about reviews or a repository, so its confirmation cannot change points",
        "Confirm it without an effect, or exclude the repository.",
    ),
    ProblemCode::new(
        "FLAG_PULL_REQUESTS",
        "a confirmation would apply to no pull request of the flag, or names one that the flag does not concern",
        "Leave at least one pull request of the flag, or dismiss the flag.",
    ),
    ProblemCode::new(
        "ALREADY_REPORTED",
        "you already reported this pull request or repository",
        "Nothing is left to do. You are notified of the outcome.",
    ),
    ProblemCode::new(
        "BAD_REPORT",
        "the reason of a report is unknown, or its description is missing or too long",
        "Correct the field that the response names.",
    ),
    ProblemCode::new(
        "TOO_MANY_REPORTS",
        "you reported 20 times within 24 hours",
        "Wait for the time in `Retry-After`.",
    ),
    ProblemCode::new(
        "OWN_REPOSITORY",
        "you maintain the project of the repository, or have pull requests there",
        "Ask another moderator.",
    ),
    ProblemCode::new(
        "REPOSITORY_EXCLUDED",
        "another moderator excluded the repository meanwhile",
        "Read the decision. To change it, lift the exclusion.",
    ),
    ProblemCode::new(
        "REPOSITORY_INCLUDED",
        "the repository is not excluded, so there is nothing to undo",
        "Nothing is left to do.",
    ),
    ProblemCode::new(
        "FLAG_OPEN",
        "the flag, or another one on the same report, is open, so there is no decision to undo",
        "Decide on the open flag.",
    ),
    ProblemCode::new(
        "OWN_FLAG",
        "the flag concerns you or your report, so you cannot decide on it",
        "Ask another moderator.",
    ),
    ProblemCode::new(
        "ACCOUNT_NOT_ACTIVE",
        "the account of the new owner is closed or banned",
        "Choose another maintainer.",
    ),
    ProblemCode::new(
        "ALREADY_OWNER",
        "the person already owns the project",
        "Nothing is left to do.",
    ),
    ProblemCode::new(
        "OWNER_ACTIVE",
        "the project has an owner whose account is neither closed nor banned",
        "Ask the owner to transfer the project.",
    ),
    ProblemCode::new(
        "OWNS_PROJECT",
        "the person owns the project, so they cannot be removed from its maintainers",
        "Transfer the project to another maintainer first.",
    ),
    ProblemCode::new(
        "LAST_MAINTAINER",
        "the project would have no maintainer left",
        "Add another maintainer first.",
    ),
    ProblemCode::new(
        "ALREADY_DISQUALIFIED",
        "the person is already disqualified from the season",
        "Lift the disqualification first, if it is wrong.",
    ),
    ProblemCode::new(
        "BAD_SEASON",
        "a field of the season or of a sanction is missing or not valid",
        "Correct the field that the response names.",
    ),
    ProblemCode::new(
        "CONSENT_OUTDATED",
        "the consent text of the season changed",
        "Read the season again, and agree to the current version.",
    ),
    ProblemCode::new(
        "DISQUALIFIED",
        "the person is disqualified from the season",
        "Ask the season's organizers.",
    ),
    ProblemCode::new(
        "NOT_REGISTERED",
        "the person is not registered for the season",
        "Register first.",
    ),
    ProblemCode::new(
        "ORGANIZER_REQUIRED",
        "only the season's organizers can do this",
        "Ask an organizer of the season.",
    ),
    ProblemCode::new(
        "OWN_SANCTION",
        "the sanction is your own, so you cannot lift it",
        "Ask another organizer of the season, or contest it.",
    ),
    ProblemCode::new(
        "REGISTRATION_CLOSED",
        "the season does not take registrations now",
        "Register within the days that the response names.",
    ),
    ProblemCode::new("SANCTION_LIFTED", "the sanction is already lifted", "Nothing is left to do."),
    ProblemCode::new(
        "SEASON_OPEN",
        "points of the season may still change",
        "Wait until the time that the response names.",
    ),
    ProblemCode::new(
        "SEASON_STATE",
        "the state of the season does not allow this",
        "Read the season's state; the response says what it refuses.",
    ),
    ProblemCode::new(
        "SYNC_IN_PROGRESS",
        "the repository is already being read from GitHub",
        "Wait until it is complete; the list of repositories shows the progress.",
    ),
    ProblemCode::new(
        "MAINTAINER_REQUIRED",
        "only the project's maintainers can do this",
        "Ask a maintainer of the project.",
    ),
    ProblemCode::new(
        "NOT_A_MAINTAINER",
        "the person does not maintain the project",
        "Use the login of a current maintainer.",
    ),
    ProblemCode::new(
        "PROJECT_ARCHIVED",
        "the project is archived, so new rules would score nothing",
        "Ask an admin to unarchive the project.",
    ),
    ProblemCode::new(
        "PROJECT_TEXT_TOO_LONG",
        "the project's description, a tag or the difficulty is too long, or there are too many tags",
        "Shorten what the response names.",
    ),
    ProblemCode::new(
        "REPOSITORY_REGISTERED",
        "the repository already belongs to a project, which `detail` names",
        "Ask a maintainer of that project, or an admin to remove it there.",
    ),
    ProblemCode::new(
        "RULES_OUTDATED",
        "another version of the rules was published meanwhile",
        "Read the changes, and edit the current version.",
    ),
    ProblemCode::new(
        "RULES_UNCHANGED",
        "the rules equal the current version",
        "Change a rule first.",
    ),
    ProblemCode::new(
        "UNSEEN_CHARACTER",
        "a text contains an invisible character",
        "Remove control characters, line breaks and text direction marks.",
    ),
];
