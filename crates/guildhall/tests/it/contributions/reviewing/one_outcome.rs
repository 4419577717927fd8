//! Maintainers who act on one pull request at once, on both databases.

use contributions::{
    model::{ReviewAction, ReviewVerdict},
    rules::State,
};
use futures_util::future::join_all;
use platform::ActionError;

use super::{PAGE, server};
use crate::contributions::app::review_of;
use ReviewAction::{Approved, Overrode, Rated, RequestedChanges, Started};

#[tokio::test]
async fn reviews_at_once_have_one_outcome() {
    let reviewers = ["wren-oak", "finch-ash", "birch", "rook-elm"];
    for round in 0..3 {
        let (app, _) = server().await;
        for login in &reviewers[2..] {
            app.know_reviewer("season", login).await;
        }
        let started = reviewers.map(|login| app.review("lantern", 1, login, Started));
        for started in join_all(started).await {
            assert_eq!(started.expect("started").state, State::UnderReview);
        }
        let decide = |decision| {
            let mut new = review_of(Overrode, "rook-elm");
            new.decision = Some(decision);
            new
        };
        let rated = |rating| {
            let mut new = review_of(Rated, "finch-ash");
            new.rating = Some(rating);
            new
        };
        let all = [
            ("wren-oak", review_of(Approved, "wren-oak")),
            ("finch-ash", review_of(RequestedChanges, "finch-ash")),
            ("birch", review_of(Approved, "birch")),
            ("rook-elm", decide(ReviewVerdict::ChangesRequested)),
            ("finch-ash", rated(2)),
            ("wren-oak", review_of(Rated, "wren-oak")),
        ];
        let given = all.map(|(login, new)| app.give_review("lantern", 1, login, new));
        let given = join_all(given).await;
        for (place, given) in given.iter().enumerate() {
            match given {
                Ok(given) => assert!(given.id.is_some()),
                // The decision is refused if it comes before the conflict.
                Err(ActionError::Refused(problem)) => {
                    assert_eq!((place, problem.code), (3, "REVIEW_NOT_POSSIBLE"));
                }
                Err(error) => panic!("{error}"),
            }
        }
        app.work().await;
        let state = app.json(&format!("/api/v1{PAGE}")).await["state"].clone();
        let last = "SELECT action AS value FROM pr_reviews WHERE action IN \
                    ('APPROVED', 'REQUESTED_CHANGES', 'OVERRODE') ORDER BY created_at DESC, id DESC LIMIT 1";
        let expected = match app.values(last).await[0].as_str() {
            "OVERRODE" => State::ChangesRequested,
            _ => State::Approved,
        };
        assert_eq!(state, expected.as_str(), "round {round}: the majority, or the last decision");
        // The answer to the last accepted action has the present state.
        let is_answered = given.iter().flatten().any(|given| given.state == expected);
        assert!(is_answered, "round {round}");
        let times = "SELECT count(*) - count(DISTINCT created_at) FROM pr_reviews";
        assert_eq!(app.count(times).await, 0, "one after the other");
        app.verify().await;
        app.finish().await;
    }
}
