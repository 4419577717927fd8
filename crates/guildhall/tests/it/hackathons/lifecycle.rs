//! The phases of a hackathon, from the draft to the archive.

use hackathons::{
    actions::{archive, cancel, edit_hackathon, publish},
    model::Phase,
    rules::details::HackathonInput,
};
use platform::audit::Actor::Operator;

use super::scene::{code, november, publish_results};
use crate::app::{TestApp, at};

#[tokio::test]
async fn a_hackathon_goes_from_draft_to_archive() {
    let app = TestApp::start().await;
    let context = app.context();
    let draft = app.draft(november()).await;
    let slug = draft.slug.as_str();
    assert_eq!(draft.phase(context.now()), Phase::Draft);
    assert_eq!(code(publish_results(context, Operator, slug, "x").await), "HACKATHON_PHASE");
    let published = publish(context, Operator, slug).await.expect("published");
    assert_eq!(published.phase(context.now()), Phase::Applications);
    assert!(published.sequence > draft.sequence);
    assert_eq!(code(publish(context, Operator, slug).await), "HACKATHON_PHASE");
    assert_eq!(code(archive(context, Operator, slug).await), "HACKATHON_PHASE");
    for (now, phase) in [
        ("2026-11-06T18:00:00Z", Phase::ApplicationsClosed),
        ("2026-11-14T18:00:00Z", Phase::Submission),
        ("2026-11-22T18:00:00Z", Phase::SubmissionClosed),
        ("2026-11-23T18:00:00Z", Phase::Judging),
        ("2026-11-29T18:00:00Z", Phase::JudgingClosed),
    ] {
        app.clock.set(at(now));
        assert_eq!(app.hackathon_view(slug).await.phase(context.now()), phase);
    }
    assert_eq!(code(publish_results(context, Operator, slug, " ").await), "BAD_HACKATHON");
    let completed = publish_results(context, Operator, slug, "**Gannet** wins.").await;
    assert_eq!(completed.expect("completed").phase(context.now()), Phase::Completed);
    let change = HackathonInput::default();
    let refused = edit_hackathon(context, Operator, slug, &change).await;
    assert_eq!(code(refused), "HACKATHON_PHASE");
    let archived = archive(context, Operator, slug).await.expect("archived");
    assert_eq!(archived.phase(context.now()), Phase::Archived);
    assert_eq!(code(cancel(context, Operator, slug, "why").await), "HACKATHON_PHASE");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_draft_whose_applications_would_be_closed_is_not_published() {
    let app = TestApp::start().await;
    let draft = app.draft(november()).await;
    app.clock.set(at("2026-11-06T18:00:00Z"));
    let refused = publish(app.context(), Operator, &draft.slug).await;
    assert_eq!(code(refused), "HACKATHON_PHASE");
    let again = app.draft(november()).await;
    assert_eq!(again.slug, "low-tide-2");
    app.finish().await;
}
