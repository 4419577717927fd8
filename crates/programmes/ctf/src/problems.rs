//! The codes of this module's problems.

use platform::module::ProblemCode;

/// The codes, with their meanings and next steps.
#[rustfmt::skip]
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new("ALREADY_COACH", "the person of the request already has the role that the invitation gives, or coaches the roster", "Give the link to the person that it is for."),
    ProblemCode::new("ALREADY_COMPETITOR", "the person of the request is a competitor on a roster, and a person is one competitor", "Ask the coach of that roster to remove you from it first."),
    ProblemCode::new("ALREADY_ENROLLED", "another roster has archived the same school year of the competitor, and a competitor is on one roster of a school year", "Reopen that roster, or use one of another school year."),
    ProblemCode::new("BAD_DASHBOARD_RATING", "the rating of the dashboard is not a number from 1 to 5", "Choose a number from 1 to 5."),
    ProblemCode::new("BAD_ROSTER", "a field of a roster, a coach or a competitor is missing or not valid", "Correct the field that the response names."),
    ProblemCode::new("BAD_SAMPLE", "the number of competitors to compare with the game platform is not between 1 and 50", "Enter a number from 1 to 50."),
    ProblemCode::new("BAD_SYNC_REQUEST", "the body of a sync request is not valid JSON, or names a coach and a competitor", "Send `{}` to sync everyone, or one of `coachId` and `competitorId`."),
    ProblemCode::new("BAD_SYNC_SECRET", "the secret of a sync request is wrong, or the server has none", "Send the value of `INTERNAL_SYNC_SECRET`, or sign in as an admin."),
    ProblemCode::new("BAD_TICKETS", "the month of support tickets is not one of the last 24, or their number is not between 0 and 9,999", "Enter a month such as `2026-11`, and the number of tickets in it."),
    ProblemCode::new("COACH_ERASED", "the data of the coach was erased, so they cannot be approved", "Invite the person again."),
    ProblemCode::new("COACH_REQUIRED", "only approved coaches can do this", "Ask an admin of this server for an invitation."),
    ProblemCode::new("COMPETITOR_LEFT", "the competitor has left the roster, or their data was erased", "Let them join again with the join link."),
    ProblemCode::new("COMPETITOR_NOT_SENT", "nothing about the competitor may be sent to the game platform", "Read the reason in the response, such as a missing release."),
    ProblemCode::new("COMPETITOR_SYNCED", "a competitor without a sync error can be synced once a minute", "Try again after the time in `Retry-After`."),
    ProblemCode::new("CTF_LINK_ENDED", "the link has expired, was already used or was revoked", "Ask the person who sent it for a new one."),
    ProblemCode::new("CTF_NO_EMAIL", "this server cannot send email", "Leave the address empty to get a link to copy, or record the signed paper of the parent."),
    ProblemCode::new("GAME_PLATFORM_FAILED", "the game platform did not do what was asked of it", "Read the reason in the response, and try again later."),
    ProblemCode::new("GAME_PLATFORM_OFF", "the integration with the game platform is off", "Turn on the switch that the response names."),
    ProblemCode::new("LAST_COACH", "a roster keeps at least one coach", "Share the roster with another coach first."),
    ProblemCode::new("NOTHING_FAILED", "no competitor of the roster has a sync error", "Refresh the scores instead."),
    ProblemCode::new("NOT_ON_PLATFORM", "the competitor is not on the game platform", "Sync the competitor first."),
    ProblemCode::new("NO_PARENT", "the parent of a competitor cannot be asked for consent", "Add the parent's email address to the profile."),
    ProblemCode::new("NO_RELEASE", "no signed release of the competitor is on record", "Reload the profile."),
    ProblemCode::new("PARENT_REQUIRED", "a competitor under 18 cannot sign the release", "Ask the coach to send the link to a parent."),
    ProblemCode::new("PASSWORD_RESET_SENT", "the game platform can be asked once in ten minutes to send a competitor an email for a new password", "Try again after the time in `Retry-After`."),
    ProblemCode::new("ROSTER_ARCHIVED", "the roster's school year is over", "Use the roster of the new school year."),
    ProblemCode::new("ROSTER_COACH_REQUIRED", "assistants can see a roster but not change it", "Ask a coach of the roster."),
    ProblemCode::new("ROSTER_FULL", "a roster has at most 1,000 competitors", "Create another roster."),
    ProblemCode::new("ROSTER_NOT_REOPENED", "the roster is not archived, or its competitors have moved on since its school year ended", "Read the reason in the response."),
    ProblemCode::new("ROSTER_REFRESHED", "a roster can be refreshed, compared, and tried again after sync errors once every five minutes each", "Try again after the time in `Retry-After`."),
    ProblemCode::new("TEAM_MEMBER_REFUSED", "the team is full, or the competitor is not confirmed or not on its roster", "Choose another competitor, or remove a member first."),
    ProblemCode::new("TEAM_NAME_TAKEN", "the roster has a team with this name", "Choose another name."),
    ProblemCode::new("TOO_MANY_INVITATIONS", "a person can make 100 invitations to coaches per day, and 10 links of a kind for a competitor", "Try again after the time in `Retry-After`."),
    ProblemCode::new("TOO_MANY_TEAMS", "a roster has at most 200 teams", "Delete a team first."),
];
