//! Answers of the game platform never cause a panic, and what is read of them is bounded.

use testkit::growth::linear;

use super::{OdlScores, Solve, answers};

fn is_bounded(solve: &Solve) -> bool {
    let ids = solve.solve_id.chars().count() <= 200 && solve.challenge_id.chars().count() <= 200;
    let texts = solve.title.chars().count() <= 300 && solve.category.chars().count() <= 100;
    let points = solve.points.unsigned_abs() <= 1_000_000_000;
    let year = chrono::Datelike::year(&solve.solved_at);
    ids && texts && points && solve.nice_work_roles.len() <= 50 && (2000..2100).contains(&year)
}

#[test]
fn answers_of_platforms() {
    let private = ["Ada".to_owned(), "ada@school.example".to_owned()];
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let detail = answers::detail(&text, &private);
        assert!(detail.chars().count() <= 200 && !detail.contains('@'), "{detail}");
        let _ = answers::has_detail(&text);
        let _ = answers::difference("odl_scores", &text);
        if let Ok(user) = answers::user(&text, None) {
            assert!(user.status.chars().count() <= 100);
        }
        let _ = answers::assignments(&text);
        let scores = answers::scores(&text, None).map(|OdlScores { solves, .. }| solves);
        assert!(scores.unwrap_or_default().iter().all(is_bounded));
        for event in answers::progress(&text, None).unwrap_or_default() {
            assert!(event.name.chars().count() <= 300);
            assert!(event.solves.iter().all(is_bounded));
        }
    }));
}
