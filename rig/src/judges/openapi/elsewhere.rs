/// Operations that accept nothing that can be generated: the files that see them accept a request, and the reasons.
pub(super) const ELSEWHERE: &[(&str, &str, &str)] = &[
    (
        "accept_friend",
        "crates/guildhall/tests/it/hackathons/friends.rs",
        "a person of the run would have to ask its admin",
    ),
    (
        "accept_team_invitation",
        "crates/guildhall/tests/it/hackathons/invitations.rs",
        "a team would have to invite the run's admin",
    ),
    (
        "add_reward_codes",
        "crates/guildhall/tests/it/hackathons/reward_rows.rs",
        "a reward with codes may be archived by other requests",
    ),
    (
        "add_team_task",
        "crates/guildhall/tests/it/hackathons/board_rows.rs",
        "the run's admin has no team",
    ),
    (
        "add_walk_in",
        "crates/guildhall/tests/it/hackathons/check_in_rows.rs",
        "the logins of walk-ins are generated",
    ),
    (
        "answer_survey",
        "crates/guildhall/tests/it/hackathons/surveys.rs",
        "the run's admin is not invited to a survey",
    ),
    (
        "appeal_dispute",
        "crates/guildhall/tests/it/contributions/disputes/appeals.rs",
        "only the person who opened a dispute can appeal",
    ),
    (
        "appeal_disqualification",
        "crates/guildhall/tests/it/hackathons/submission_rows.rs",
        "the run's admin has no submission",
    ),
    (
        "archive_hackathon",
        "crates/guildhall/tests/it/hackathons/api.rs",
        "the hackathon of the request is archived already",
    ),
    (
        "ask_for_help",
        "crates/guildhall/tests/it/hackathons/help_rows.rs",
        "the run's admin has no team while submissions are open",
    ),
    (
        "award_prize",
        "crates/guildhall/tests/it/hackathons/prizes.rs",
        "the demo's projects are not judged, or their results are published",
    ),
    (
        "cancel_friend_request",
        "crates/guildhall/tests/it/hackathons/friends.rs",
        "requests are canceled once",
    ),
    (
        "cancel_hackathon",
        "crates/guildhall/tests/it/hackathons/api.rs",
        "a success would close the hackathon that other requests name",
    ),
    (
        "cancel_redemption",
        "crates/guildhall/tests/it/hackathons/reward_rows.rs",
        "the run's admin has no points",
    ),
    (
        "cancel_season",
        "crates/guildhall/tests/it/contributions/seasons/objects.rs",
        "the demo's season is published",
    ),
    (
        "cancel_team_invitation",
        "crates/guildhall/tests/it/hackathons/invitations.rs",
        "the run's admin leads no team",
    ),
    (
        "change_team_task",
        "crates/guildhall/tests/it/hackathons/board_rows.rs",
        "the run's admin has no team",
    ),
    (
        "check_in",
        "crates/guildhall/tests/it/hackathons/check_in_rows.rs",
        "the codes and logins of people are generated",
    ),
    (
        "check_submission",
        "crates/guildhall/tests/it/hackathons/submission_rows.rs",
        "the run's admin has no submission",
    ),
    (
        "claim_prize",
        "crates/guildhall/tests/it/hackathons/prizes.rs",
        "the run's admin has won nothing",
    ),
    (
        "close_account",
        "crates/guildhall/tests/it/privacy/closing.rs",
        "a success would end the run's own session",
    ),
    (
        "close_judging_round",
        "crates/guildhall/tests/it/hackathons/judging_rounds.rs",
        "a success would end the round of the demo",
    ),
    (
        "compare_project",
        "crates/guildhall/tests/it/hackathons/judging_api.rs",
        "the run's admin does not judge",
    ),
    (
        "confirm_hackathon_place",
        "crates/guildhall/tests/it/hackathons/confirmation_rows.rs",
        "the hackathons of the demo need no confirmation",
    ),
    (
        "connect_board",
        "crates/guildhall/tests/it/hackathons/board_exports.rs",
        "the run's admin has no team",
    ),
    (
        "create_prize",
        "crates/guildhall/tests/it/hackathons/prizes.rs",
        "the hackathon of the request may have its results",
    ),
    (
        "decide_dispute",
        "crates/guildhall/tests/it/contributions/disputes/api.rs",
        "the numbers of disputes are generated",
    ),
    (
        "decide_fair_play_flag",
        "crates/guildhall/tests/it/contributions/flags.rs",
        "the numbers of flags are generated",
    ),
    (
        "decide_hackathon_applications",
        "crates/guildhall/tests/it/hackathons/api.rs",
        "the IDs of applications are generated",
    ),
    (
        "declare_judging_conflict",
        "crates/guildhall/tests/it/hackathons/judging_api.rs",
        "the run's admin does not judge",
    ),
    (
        "decline_friend",
        "crates/guildhall/tests/it/hackathons/friends.rs",
        "a person of the run would have to ask its admin",
    ),
    (
        "decline_team_invitation",
        "crates/guildhall/tests/it/hackathons/invitations.rs",
        "a team would have to invite the run's admin",
    ),
    (
        "delete_github_connection",
        "crates/guildhall/tests/it/registration/connection.rs",
        "the demo's admin has not connected GitHub",
    ),
    (
        "disconnect_board",
        "crates/guildhall/tests/it/hackathons/board_exports.rs",
        "the run's admin has no team",
    ),
    (
        "edit_prize",
        "crates/guildhall/tests/it/hackathons/prizes.rs",
        "the slugs of prizes are generated",
    ),
    (
        "end_session",
        "crates/guildhall/tests/it/auth/objects.rs",
        "a success could end the run's own session",
    ),
    (
        "exclude_repository",
        "crates/guildhall/tests/it/contributions/fair_play/exclusions.rs",
        "a success would reverse the points that other requests read",
    ),
    (
        "export_board",
        "crates/guildhall/tests/it/hackathons/board_exports.rs",
        "the run's admin has no team",
    ),
    (
        "extend_deadline",
        "crates/guildhall/tests/it/hackathons/submission_rows.rs",
        "the hackathon of the request does not take submissions",
    ),
    (
        "finalize_month",
        "crates/guildhall/tests/it/contributions/finalizing.rs",
        "the points of the demo's months may still change",
    ),
    (
        "get_badge_credential",
        "crates/guildhall/tests/it/badges/credential.rs",
        "the run's admin holds no badges",
    ),
    (
        "get_board_export",
        "crates/guildhall/tests/it/hackathons/board_exports.rs",
        "the run's admin has no team",
    ),
    (
        "get_github_connection",
        "crates/guildhall/tests/it/registration/connection.rs",
        "the demo's admin has not connected GitHub",
    ),
    (
        "get_own_submission",
        "crates/guildhall/tests/it/hackathons/submission_rows.rs",
        "the run's admin has no submission",
    ),
    (
        "get_own_survey",
        "crates/guildhall/tests/it/hackathons/surveys.rs",
        "the run's admin is not invited to a survey",
    ),
    (
        "get_prize_claim",
        "crates/guildhall/tests/it/hackathons/prizes.rs",
        "only organizers of the hackathon read it",
    ),
    (
        "get_repository_exclusion",
        "crates/guildhall/tests/it/contributions/fair_play/exclusions.rs",
        "the IDs of repositories are generated",
    ),
    (
        "get_reward",
        "crates/guildhall/tests/it/hackathons/reward_rows.rs",
        "other requests archive the reward",
    ),
    (
        "get_submission",
        "crates/guildhall/tests/it/hackathons/submission_rows.rs",
        "the IDs of submissions are generated",
    ),
    (
        "import_competitors",
        "crates/guildhall/tests/it/ctf/imports.rs",
        "the IDs of rosters are generated",
    ),
    (
        "include_repository",
        "crates/guildhall/tests/it/contributions/fair_play/exclusions.rs",
        "the IDs of repositories are generated",
    ),
    (
        "invite_to_hackathon_team",
        "crates/guildhall/tests/it/hackathons/invitations.rs",
        "the run's admin leads no team",
    ),
    (
        "join_hackathon_team",
        "crates/guildhall/tests/it/hackathons/api.rs",
        "the code of a team is known to its members",
    ),
    (
        "leave_hackathon_team",
        "crates/guildhall/tests/it/hackathons/api.rs",
        "a success would end the team that other requests name",
    ),
    (
        "lift_sanction",
        "crates/guildhall/tests/it/contributions/seasons/api.rs",
        "the IDs of sanctions are generated",
    ),
    (
        "list_available_repositories",
        "crates/guildhall/tests/it/registration/api.rs",
        "the demo's admin has not connected GitHub",
    ),
    (
        "list_board_exports",
        "crates/guildhall/tests/it/hackathons/board_exports.rs",
        "the run's admin has no team",
    ),
    (
        "list_judges_notes",
        "crates/guildhall/tests/it/hackathons/judges_notes.rs",
        "the run's admin has no submission",
    ),
    (
        "list_own_judging",
        "crates/guildhall/tests/it/hackathons/judging_api.rs",
        "the run's admin does not judge",
    ),
    (
        "list_own_team_tasks",
        "crates/guildhall/tests/it/hackathons/board_rows.rs",
        "the run's admin has no team",
    ),
    (
        "list_team_tasks",
        "crates/guildhall/tests/it/hackathons/board_rows.rs",
        "the run does not know the slugs of teams",
    ),
    (
        "list_teammate_recommendations",
        "crates/guildhall/tests/it/hackathons/recommendations.rs",
        "the run's admin may not take part in the hackathon",
    ),
    (
        "next_project_to_judge",
        "crates/guildhall/tests/it/hackathons/judging_api.rs",
        "the run's admin does not judge",
    ),
    (
        "open_dispute",
        "crates/guildhall/tests/it/contributions/disputes/api.rs",
        "the demo holds nothing against its admin",
    ),
    (
        "publish_hackathon",
        "crates/guildhall/tests/it/hackathons/lifecycle.rs",
        "the demo's hackathons are published",
    ),
    (
        "publish_hackathon_results",
        "crates/guildhall/tests/it/hackathons/api.rs",
        "the hackathon of the request has results already",
    ),
    (
        "publish_hackathon_results_now",
        "crates/guildhall/tests/it/hackathons/results.rs",
        "no results wait in the hackathon of the request",
    ),
    (
        "publish_season",
        "crates/guildhall/tests/it/contributions/seasons/objects.rs",
        "the demo's season is published",
    ),
    ("receive_delivery", "rig/src/judges/octokit/mod.rs", "deliveries are signed"),
    (
        "redeem_reward",
        "crates/guildhall/tests/it/hackathons/rewards.rs",
        "the run's admin has no points",
    ),
    ("refresh_tokens", "crates/guildhall/tests/it/tokens/access.rs", "a refresh token works once"),
    (
        "remove_friend",
        "crates/guildhall/tests/it/hackathons/friends.rs",
        "the run's admin has no friends",
    ),
    (
        "remove_prize",
        "crates/guildhall/tests/it/hackathons/prizes.rs",
        "the slugs of prizes are generated",
    ),
    (
        "remove_team_task",
        "crates/guildhall/tests/it/hackathons/board_rows.rs",
        "the run's admin has no team",
    ),
    (
        "reopen_fair_play_flag",
        "crates/guildhall/tests/it/contributions/flags.rs",
        "the numbers of flags are generated",
    ),
    ("retry_delivery", "crates/guildhall/tests/it/auth/objects.rs", "the demo has no dead letter"),
    (
        "retry_outbox_message",
        "crates/guildhall/tests/it/auth/objects.rs",
        "the demo has no dead letter",
    ),
    (
        "rule_submission",
        "crates/guildhall/tests/it/hackathons/submission_rows.rs",
        "the IDs of submissions are generated",
    ),
    (
        "score_project",
        "crates/guildhall/tests/it/hackathons/judging_api.rs",
        "the run's admin does not judge",
    ),
    (
        "send_announcement",
        "crates/guildhall/tests/it/hackathons/announcements.rs",
        "each person gets few announcements an hour",
    ),
    (
        "set_hackathon_survey",
        "crates/guildhall/tests/it/hackathons/surveys.rs",
        "the surveys of the hackathon of the request may be closed",
    ),
    (
        "set_hackathon_team_role",
        "crates/guildhall/tests/it/hackathons/api.rs",
        "the team of the run's admin has no other member",
    ),
    (
        "set_help_request_state",
        "crates/guildhall/tests/it/hackathons/help_rows.rs",
        "the IDs of requests are generated",
    ),
    (
        "set_judging_status",
        "crates/guildhall/tests/it/hackathons/judging_api.rs",
        "the run's admin does not judge",
    ),
    (
        "set_prize_award_state",
        "crates/guildhall/tests/it/hackathons/prizes.rs",
        "the IDs of awards are generated",
    ),
    (
        "set_redemption_status",
        "crates/guildhall/tests/it/hackathons/reward_rows.rs",
        "the IDs of redemptions are generated",
    ),
    (
        "set_submission_place",
        "crates/guildhall/tests/it/hackathons/expo.rs",
        "the IDs of submissions are generated",
    ),
    ("settle_tie", "crates/guildhall/tests/it/hackathons/ties.rs", "the demo has no ties"),
    (
        "submit_to_hackathon",
        "crates/guildhall/tests/it/hackathons/submission_rows.rs",
        "the hackathon of the request does not take submissions",
    ),
    (
        "sync_game_platform",
        "crates/guildhall/tests/it/ctf/sync_api.rs",
        "the run's server may have no game platform",
    ),
    (
        "take_back_prize",
        "crates/guildhall/tests/it/hackathons/prizes.rs",
        "the IDs of awards are generated",
    ),
    (
        "transfer_project",
        "crates/guildhall/tests/it/contributions/ownership/api.rs",
        "the people are generated, and only a maintainer becomes the owner",
    ),
    (
        "undo_check_in",
        "crates/guildhall/tests/it/hackathons/check_in_rows.rs",
        "the logins of people are generated",
    ),
    (
        "undo_hackathon_results",
        "crates/guildhall/tests/it/hackathons/results.rs",
        "no results wait in the hackathon of the request",
    ),
    (
        "unlink_identity",
        "crates/guildhall/tests/it/sign_in/linking.rs",
        "the demo has one sign-in method",
    ),
    (
        "verify_email",
        "crates/guildhall/tests/it/messages/email_address.rs",
        "the token is in an email",
    ),
    (
        "withdraw_from_hackathon",
        "crates/guildhall/tests/it/hackathons/api.rs",
        "a success would end the application that other requests need",
    ),
    (
        "withdraw_help_request",
        "crates/guildhall/tests/it/hackathons/help_rows.rs",
        "the team of the run's admin has no request",
    ),
    (
        "withdraw_submission",
        "crates/guildhall/tests/it/hackathons/submission_rows.rs",
        "the run's admin has no submission",
    ),
    (
        "write_dispute_message",
        "crates/guildhall/tests/it/contributions/disputes/api.rs",
        "the numbers of disputes are generated",
    ),
];
