//! Two servers with one database use up codes, count wrong ones and follow resets together.

use super::*;

#[tokio::test]
async fn two_servers_act_as_one() {
    let app = TestApp::start().await;
    let (replica, url) = app.replica().await;
    let (_, here, phone) = admin(&app, "wren-oak").await;
    let there = here.at(&url);
    let both = [&here, &there];
    for code in [phone.next_code(), phone.recovery_codes[0].clone()] {
        let answers = join_all(both.map(|browser| prove(browser, &code))).await;
        let accepted = answers.iter().filter(|answer| answer.status == 204).count();
        assert_eq!(accepted, 1, "{answers:?}");
    }
    app.clock.advance(TimeDelta::minutes(16));
    let wrong = phone.wrong_code();
    let answers = join_all((0..10).map(|turn| prove(both[turn % 2], &wrong))).await;
    let with = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((with(422), with(429)), (5, 5), "{answers:?}");
    for browser in both {
        let refused = prove(browser, &phone.recovery_codes[1]).await;
        refused.refuses(429, "TOO_MANY_CODES", "Five codes were wrong");
    }
    let (helper, ..) = admin(&app, "finch-ash").await;
    assert!(there.json(OWN).await["confirmed_at"].is_string());
    assert_eq!(helper.call("DELETE", &reset("wren-oak"), None).await.status, 204);
    assert!(there.json(OWN).await["confirmed_at"].is_null());
    assert_eq!(there.get(ADMIN).await.status, 200, "the role requires none");
    app.clock.advance(TimeDelta::minutes(16));
    app.second_factor(&here).await;
    let unproven = app.browser_of("wren-oak").await.at(&url);
    unproven.get(ADMIN).await.refuses(403, "SECOND_FACTOR_REQUIRED", "Enter a code");
    replica.context.db.close().await;
    app.finish().await;
}
