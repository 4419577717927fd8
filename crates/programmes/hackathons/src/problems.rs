//! The codes of this module's problems.

use platform::module::ProblemCode;

/// The codes, with their meanings and next steps.
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new(
        "ALREADY_IN_TEAM",
        "the person is in a team of the hackathon",
        "Leave that team first.",
    ),
    ProblemCode::new(
        "APPLICATIONS_CLOSED",
        "the hackathon does not take applications now",
        "See its dates.",
    ),
    ProblemCode::new(
        "APPLICATION_REJECTED",
        "the person's application to the hackathon was rejected",
        "Ask its organizers.",
    ),
    ProblemCode::new(
        "BAD_HACKATHON",
        "a field of a hackathon, an application or a team is missing or not valid",
        "Correct the field that the response names.",
    ),
    ProblemCode::new(
        "CONDUCT_OUTDATED",
        "the code of conduct changed in the meantime",
        "Read the current one, and send its `conduct_version`.",
    ),
    ProblemCode::new(
        "HACKATHON_ORGANIZER_REQUIRED",
        "only organizers of the hackathon and admins can do this",
        "Ask an organizer.",
    ),
    ProblemCode::new(
        "HACKATHON_PHASE",
        "the phase of the hackathon does not allow the change",
        "Read the reason in the response.",
    ),
    ProblemCode::new(
        "HOST_REQUIRED",
        "only hosts and admins can create hackathons",
        "Ask an admin of this server to make you a host.",
    ),
    ProblemCode::new(
        "INVITATION_REQUIRED",
        "the hackathon is for invited people",
        "Send the code of the invitation link as `invitation`.",
    ),
    ProblemCode::new(
        "LAST_ORGANIZER",
        "a hackathon keeps at least one organizer",
        "Add another organizer first.",
    ),
    ProblemCode::new(
        "LEADER_STAYS",
        "a team keeps its leader",
        "Make another member the leader first.",
    ),
    ProblemCode::new(
        "NOT_A_PARTICIPANT",
        "the person has no open application to the hackathon",
        "Apply first.",
    ),
    ProblemCode::new(
        "NO_TEAM",
        "the person is not in a team of the hackathon",
        "Create a team, or join one with its code.",
    ),
    ProblemCode::new(
        "STAFF_CANNOT_APPLY",
        "organizers and judges of a hackathon cannot take part in it",
        "Leave the staff, or withdraw the application, first.",
    ),
    ProblemCode::new(
        "TEAMS_CLOSED",
        "teams of the hackathon cannot change in its phase",
        "See its dates.",
    ),
    ProblemCode::new(
        "TEAM_FULL",
        "the team has the maximum number of members",
        "Join another team.",
    ),
    ProblemCode::new(
        "TEAM_LEADER_REQUIRED",
        "only the leader of the team, or also its co-leaders, can do this",
        "Ask one of them.",
    ),
    ProblemCode::new(
        "TEAM_LOCKED",
        "the team is locked",
        "Ask its leader to unlock it.",
    ),
    ProblemCode::new(
        "UNKNOWN_TEAM_CODE",
        "no team has the code",
        "Compare the code with the one that you were given, or ask the team's leader for a new one.",
    ),
];
