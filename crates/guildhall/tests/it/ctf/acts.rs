//! The audited actions about competitors, with a person, for the tests of all modules.

use std::collections::BTreeMap;

use ctf::{
    actions::{
        CompletedProfile, accept_roster_link, choose_weekly_mail, complete_profile,
        confirm_account, confirm_competitor, confirm_erasure, edit_competitor, edit_own_profile,
        erase_competitor, import_competitors, move_competitor, remove_competitor,
        remove_roster_coach, send_profile_link, sign_own_release, withdraw_release,
    },
    model::{CompetitorId, RosterRole},
    reads,
    rules::profile::ProfileInput,
};
use platform::audit::Actor::Operator;

use super::{
    imports::rows,
    privacy_scene::{adult, minor},
};
use crate::app::{TestApp, logs};

/// Performs the actions: the person is a competitor of a roster, and erases another one.
pub(super) async fn act(app: &TestApp, login: &str, own: CompetitorId) {
    let (context, actor) = (app.context(), app.actor(login).await);
    let version = app.consent("Coaches see the results.").await;
    let (_, roster) = app.roster("ctf-third").await;
    let profile = ProfileInput {
        email_school: format!("{login}@school.example"),
        parent_name: format!("The parent of {login}"),
        ..adult()
    };
    edit_competitor(context, Operator, own, &profile).await.expect("of age");
    edit_own_profile(context, actor, own, &profile).await.expect("edited");
    confirm_competitor(context, actor, own).await.expect("confirmed");
    sign_own_release(context, actor, own, Some(version)).await.expect("signed");
    choose_weekly_mail(context, own, true).await.expect("chosen");
    withdraw_release(context, actor, own).await.expect("withdrawn");
    move_competitor(context, Operator, own, roster).await.expect("moved");
    app.profile_token(own).await;
    let (rows, answers) = (rows("first_name,last_name\nAda,Quill\n"), BTreeMap::new());
    import_competitors(context, actor, roster, rows, &answers).await.expect("imported");
    answer_for_another(app, login, version).await;
    erase_another(app, login, roster).await;
    remove_competitor(context, actor, own).await.expect("left");
}

/// Lets the person confirm the account of a competitor, which is disconnected when they no longer coach the roster.
async fn answer_for_another(app: &TestApp, login: &str, version: i64) {
    let (context, actor) = (app.context(), app.actor(login).await);
    let (_, roster) = app.roster("ctf-fourth").await;
    let coach = app.coach_of(login).await.key();
    let token = app.share_token(roster, RosterRole::Coach).await;
    accept_roster_link(context, app.ctf_person(login).await, &token).await.expect("shared");
    let other = app.added(roster, &minor()).await;
    let fourth = app.actor("ctf-fourth").await;
    let sent = send_profile_link(context, &app.server.post, fourth, other).await.expect("made");
    logs::plant(&sent.token);
    app.handed_over().await;
    let completed = CompletedProfile {
        profile: minor(),
        agreed: Some(version),
        connect: Some(app.ctf_person("ctf-fifth").await),
    };
    complete_profile(context, fourth, &sent.token, &completed).await.expect("completed");
    confirm_account(context, actor, other).await.expect("confirmed");
    remove_roster_coach(context, actor, roster, coach).await.expect("left");
}

/// Adds a competitor who completes their profile and leaves, and erases them here and on the platform.
async fn erase_another(app: &TestApp, login: &str, roster: ctf::model::RosterId) {
    let (context, actor) = (app.context(), app.actor(login).await);
    let other = app.added(roster, &minor()).await;
    app.connected(other, "ctf-other").await;
    app.on_platform(other, (0, 0)).await;
    erase_competitor(context, actor, other).await.expect("erased");
    let open = reads::erasures(&context.db, None).await.expect("read").rows;
    let erasure = open.first().expect("a deletion").id;
    confirm_erasure(context, actor, erasure).await.expect("confirmed");
}
