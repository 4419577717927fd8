//! The codes of this module's problems.

use platform::module::ProblemCode;

/// The codes, with their meanings and next steps.
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new(
        "ALREADY_CHECKED_IN",
        "the person is checked in at the hackathon",
        "Nothing is left to do.",
    ),
    ProblemCode::new(
        "ALREADY_IN_TEAM",
        "the person is in a team of the hackathon",
        "Leave that team first.",
    ),
    ProblemCode::new(
        "ALREADY_SUBMITTED",
        "the team has submitted, so there is no draft",
        "Submit the changes as a new version.",
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
        "AWARD_NOT_VALID",
        "a submission with an award does not count any longer, or is not in the track of the prize",
        "Take the award back, then publish the results again.",
    ),
    ProblemCode::new(
        "BAD_HACKATHON",
        "a field of a hackathon, an application or a team is missing or not valid",
        "Correct the field that the response names.",
    ),
    ProblemCode::new(
        "BOARD_NOT_CONNECTED",
        "the board of the team is not connected with the service",
        "Connect it first.",
    ),
    ProblemCode::new(
        "CHECK_IN_WITHOUT_PLACE",
        "the person has no place at the hackathon",
        "Add them as a walk-in if you let them in.",
    ),
    ProblemCode::new(
        "CONDUCT_OUTDATED",
        "the code of conduct changed in the meantime",
        "Read the current one, and send its `conduct_version`.",
    ),
    ProblemCode::new(
        "CONFLICT_DECLARED",
        "the judge declared a conflict of interest with the project",
        "Judge another project.",
    ),
    ProblemCode::new(
        "DISQUALIFIED",
        "the submission is disqualified",
        "Read the reason on its page, where the team can appeal.",
    ),
    ProblemCode::new(
        "FRIEND_BLOCKED",
        "you block the person whom you ask to be your friend",
        "Unblock them first.",
    ),
    ProblemCode::new(
        "FRIEND_REQUEST_ACCEPTED",
        "the friend request was accepted before it was canceled",
        "Remove the person from your friends instead.",
    ),
    ProblemCode::new(
        "HACKATHON_ORGANIZER_REQUIRED",
        "only organizers of the hackathon and admins can do this",
        "Ask an organizer.",
    ),
    ProblemCode::new(
        "HACKATHON_OUTDATED",
        "the hackathon was changed since the revision that the change is based on",
        "Read it again, and change the current revision.",
    ),
    ProblemCode::new(
        "HACKATHON_PHASE",
        "the phase of the hackathon does not allow the change",
        "Read the reason in the response.",
    ),
    ProblemCode::new(
        "HELP_REQUEST_OPEN",
        "the team has an open request for help",
        "Withdraw it first, or wait for a mentor.",
    ),
    ProblemCode::new(
        "HELP_REQUEST_STATE",
        "the state of the request for help does not allow the change, or another mentor has it",
        "Read the queue again.",
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
        "INVITEE_NOT_A_PARTICIPANT",
        "the hackathon is private, and the invited person has not applied",
        "Let an organizer send them the invitation link first.",
    ),
    ProblemCode::new(
        "JUDGE_REQUIRED",
        "only judges and organizers of the hackathon can do this",
        "Ask an organizer to make you a judge.",
    ),
    ProblemCode::new("JUDGING_CLOSED", "the hackathon is not being judged now", "See its dates."),
    ProblemCode::new(
        "JUDGING_MODE",
        "judges of the hackathon judge in the other mode",
        "Score the criteria, or compare projects.",
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
        "MENTOR_REQUIRED",
        "only mentors and organizers of the hackathon can do this",
        "Ask an organizer to make you a mentor.",
    ),
    ProblemCode::new(
        "NOT_A_FRIEND",
        "the person whom you invite to your team is not your friend",
        "Send them the code of the team.",
    ),
    ProblemCode::new(
        "NOT_A_JUDGE",
        "the person is not a judge of the hackathon",
        "Give them the role first.",
    ),
    ProblemCode::new(
        "NOT_TIED",
        "the projects are not those of one tie",
        "Read the results again.",
    ),
    ProblemCode::new(
        "NOT_ASSIGNED",
        "the judge did not get the project",
        "Ask for the next project.",
    ),
    ProblemCode::new(
        "NOT_A_PARTICIPANT",
        "the person has no open application to the hackathon",
        "Apply first.",
    ),
    ProblemCode::new(
        "NOT_DISQUALIFIED",
        "the submission is not disqualified",
        "There is nothing to appeal against.",
    ),
    ProblemCode::new(
        "NOT_INVITED_TO_SURVEY",
        "the person is not invited to a survey of the hackathon",
        "Wait for the invitation: people with a place and judges get it 24 hours after the results.",
    ),
    ProblemCode::new(
        "NO_CRITERIA",
        "the hackathon has no criteria yet",
        "Ask an organizer to set them.",
    ),
    ProblemCode::new(
        "NO_CONFIRMATION",
        "places of the hackathon are not confirmed now",
        "See the hackathon's `confirm_by`.",
    ),
    ProblemCode::new(
        "NO_HELP_REQUEST",
        "the team has no open request for help",
        "Ask for help first.",
    ),
    ProblemCode::new(
        "NO_PLACE",
        "the person has no place at the hackathon",
        "See the status of the application.",
    ),
    ProblemCode::new(
        "NO_RECIPIENTS",
        "the segment that the announcement addresses is empty",
        "Choose other people.",
    ),
    ProblemCode::new(
        "NO_PROJECT_LEFT",
        "no project is left for the judge",
        "Read the reason in the response.",
    ),
    ProblemCode::new(
        "NO_SUBMISSION",
        "the person or their team has no submission",
        "Submit one, while submissions are open.",
    ),
    ProblemCode::new(
        "NOT_LOOKING_FOR_TEAM",
        "the person whom you invite to your team is not looking for one",
        "Send them the code of the team.",
    ),
    ProblemCode::new(
        "NO_FRIEND_REQUEST",
        "the person has not asked you to be friends, or no longer does",
        "Reload your requests.",
    ),
    ProblemCode::new(
        "NO_TEAM",
        "the person is not in a team of the hackathon",
        "Create a team, or join one with its code.",
    ),
    ProblemCode::new(
        "NO_TEAM_INVITATION",
        "the team has not invited you, or no longer does",
        "Ask its leader for its code.",
    ),
    ProblemCode::new(
        "OWN_FRIENDSHIP",
        "the login is your own",
        "Send the login of another person.",
    ),
    ProblemCode::new(
        "PLACES_TAKEN",
        "all places are taken, and the waitlist no longer moves or is not joined in late registration",
        "Look again later. Organizers raise the number of places first.",
    ),
    ProblemCode::new(
        "PAIR_CHANGED",
        "the judge is asked about another pair",
        "Read the pair again.",
    ),
    ProblemCode::new(
        "PROJECTS_OCCUPIED",
        "other judges are at all projects that are left for the judge",
        "Ask again in a few minutes.",
    ),
    ProblemCode::new("PROJECT_NOT_OPEN", "the judge put the project aside", "Take it back first."),
    ProblemCode::new("PROJECT_OPEN", "the judge has another project", "Judge it or skip it first."),
    ProblemCode::new(
        "LOOKS_MISSING",
        "projects of the round have fewer looks than planned",
        "Let judges finish, or send `is_confirmed`.",
    ),
    ProblemCode::new("NO_SCORES", "no project of the round is judged", "Wait for judges."),
    ProblemCode::new(
        "ROUND_CARRIES_ALL",
        "all projects of the round would go forward",
        "Choose a smaller number, or settle the tie first.",
    ),
    ProblemCode::new("ROUND_CLOSED", "the round of judging is closed", "Read the rounds again."),
    ProblemCode::new(
        "RUBRIC_LOCKED",
        "the mode and the criteria are fixed since the first score",
        "Change only looks and minutes.",
    ),
    ProblemCode::new(
        "BAD_REWARD",
        "a field of a reward, its codes or a claim is missing or not valid",
        "Correct the field that the response names.",
    ),
    ProblemCode::new(
        "PRIZE_ALREADY_AWARDED",
        "the submission has the prize",
        "Choose another submission.",
    ),
    ProblemCode::new(
        "PRIZE_COUNT_REACHED",
        "as many of the prize are awarded as there are",
        "Take an award back, or mark it as forfeited, first.",
    ),
    ProblemCode::new(
        "PRIZE_HAS_AWARDS",
        "the prize is awarded, so it cannot be removed",
        "Take its awards back first.",
    ),
    ProblemCode::new(
        "PRIZE_STATE",
        "the state of the prize does not allow the change, or another member claimed it",
        "Read the prize again.",
    ),
    ProblemCode::new(
        "PRIZE_TRACK",
        "the submission is not in the track of the prize",
        "Choose another submission, or remove the track from the prize.",
    ),
    ProblemCode::new(
        "REDEMPTION_STATUS",
        "the status of the redemption does not allow the change",
        "Read the redemption again.",
    ),
    ProblemCode::new(
        "REWARD_LIMIT_REACHED",
        "the person redeemed the reward as often as one person can",
        "Choose another reward.",
    ),
    ProblemCode::new(
        "REWARD_NOT_ACTIVE",
        "the reward is archived, or not available at this time",
        "See when it is available, or choose another reward.",
    ),
    ProblemCode::new(
        "REWARD_OUT_OF_STOCK",
        "nothing is left of the reward",
        "Choose another reward.",
    ),
    ProblemCode::new(
        "STAFF_CANNOT_APPLY",
        "organizers and judges of a hackathon cannot take part in it",
        "Leave the staff, or withdraw the application, first.",
    ),
    ProblemCode::new(
        "SUBMISSIONS_CLOSED",
        "the hackathon does not take submissions any longer, or this one is frozen",
        "Ask its organizers for a later deadline, with a reason.",
    ),
    ProblemCode::new(
        "SUBMISSIONS_DECIDED",
        "frozen submissions cannot open again after a decision about them, or after a round of judging",
        "Take the awards and the choices of the jury back first. A closed round stays closed.",
    ),
    ProblemCode::new(
        "SUBMISSIONS_NOT_OPEN",
        "the hackathon does not take submissions yet",
        "See its dates.",
    ),
    ProblemCode::new(
        "SUBMISSION_NOT_JUDGED",
        "the submission is withdrawn, disqualified or not valid, or is not in the results",
        "Choose another submission.",
    ),
    ProblemCode::new(
        "SUBMISSION_OPEN",
        "a team can still submit another version",
        "Decide after the instant that `detail` names.",
    ),
    ProblemCode::new(
        "SURVEY_CLOSED",
        "the survey is not open yet, or closed",
        "Answer it within 14 days of its opening, 24 hours after the results.",
    ),
    ProblemCode::new(
        "SURVEY_LOCKED",
        "the survey has its first answer, or people are invited to it",
        "Keep its questions.",
    ),
    ProblemCode::new(
        "SURVEY_OUTDATED",
        "the questions of the survey changed since the person read them",
        "Read the survey again, and send its `revision`.",
    ),
    ProblemCode::new(
        "TEAMS_CLOSED",
        "teams of the hackathon cannot change in its phase",
        "See its dates.",
    ),
    ProblemCode::new(
        "TABLE_TAKEN",
        "another submission to the hackathon has the table",
        "Choose another table.",
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
    ProblemCode::new("TEAM_LOCKED", "the team is locked", "Ask its leader to unlock it."),
    ProblemCode::new(
        "TEAM_TOO_SMALL",
        "the team has fewer members than the hackathon requires",
        "Find teammates.",
    ),
    ProblemCode::new(
        "TOO_MANY_ANNOUNCEMENTS",
        "the hackathon sent ten announcements within an hour",
        "Wait the number of seconds in `Retry-After`.",
    ),
    ProblemCode::new(
        "TOO_MANY_FRIEND_REQUESTS",
        "you sent 20 friend requests within a day",
        "Wait the number of seconds in `Retry-After`.",
    ),
    ProblemCode::new(
        "TOO_MANY_INVITATIONS",
        "20 people have not answered the invitations of the team",
        "Cancel one of them first.",
    ),
    ProblemCode::new("TOO_MANY_TASKS", "the team has 200 tasks", "Remove one first."),
    ProblemCode::new("TOO_MANY_PRIZES", "the hackathon has 100 prizes", "Remove one first."),
    ProblemCode::new(
        "TRACK_IN_USE",
        "a prize or a judge of the hackathon is limited to the track",
        "Change the prize or the judge first.",
    ),
    ProblemCode::new(
        "UNKNOWN_TEAM_CODE",
        "no team has the code",
        "Compare the code with the one that you were given, or ask the team's leader for a new one.",
    ),
    ProblemCode::new(
        "VENUE_NETWORKS_CHANGED",
        "the organizers changed the venue networks before an admin approved them",
        "Look at them again.",
    ),
    ProblemCode::new(
        "WALK_IN_WITHOUT_PLACE",
        "no place is free for the walk-in",
        "Confirm that they exceed the number of places.",
    ),
];
