//! Answers of the game platform with numbers that mean nothing.

use ctf::rules::runs::RunScope;
use testkit::fake_game_platform::Booking;

use super::platform::Synced;

#[tokio::test]
async fn numbers_that_mean_nothing_fail_their_competitor_alone() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 2).await;
    synced.run(RunScope::All).await;
    synced.fake.book(&Booking {
        syned_user_id: competitors[0].to_string(),
        challenge_points: Some(i64::MIN),
        ..Booking::default()
    });
    synced.fake.book_some(&competitors[1].to_string(), 1);
    let run = synced.run(RunScope::All).await;
    assert_eq!((run.failed, synced.solves().await), (1, 1));
    let error = "SELECT error_message AS value FROM game_platform_sync_state \
                 WHERE error_message IS NOT NULL";
    let errors = synced.app.values(error).await;
    assert!(errors.len() == 1 && errors[0].contains("is not a whole number"), "{errors:?}");
    synced.app.finish().await;
}
