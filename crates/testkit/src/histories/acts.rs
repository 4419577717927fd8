use super::words::{LABELS, LINES, TITLES};
use crate::{
    payloads::{Label, Verdict},
    rng::Rng,
    story::{Act, Diff, NewReview, Story},
};

/// Acts to draw for an open pull request. Some are listed twice to make them more likely.
const KINDS: [ActKind; 17] = [
    ActKind::Edit,
    ActKind::Label,
    ActKind::Label,
    ActKind::Unlabel,
    ActKind::Push,
    ActKind::Push,
    ActKind::Draft,
    ActKind::Ready,
    ActKind::Ready,
    ActKind::Close,
    ActKind::Merge,
    ActKind::Merge,
    ActKind::Reopen,
    ActKind::Review,
    ActKind::Review,
    ActKind::EditReview,
    ActKind::Dismiss,
];

#[derive(Clone, Copy)]
enum ActKind {
    Edit,
    Label,
    Unlabel,
    Push,
    Draft,
    Ready,
    Close,
    Merge,
    Reopen,
    Review,
    EditReview,
    Dismiss,
}

/// Draws a random act that the story allows. A new review gets `id`.
pub(crate) fn draw(rng: &mut Rng, story: &Story, id: i64) -> Act {
    loop {
        let kind = *rng.pick(&KINDS);
        if let Some(act) = act(rng, story, id, kind).filter(|act| story.allows(act)) {
            return act;
        }
    }
}

fn act(rng: &mut Rng, story: &Story, id: i64, kind: ActKind) -> Option<Act> {
    let own_label = |rng: &mut Rng| {
        let labels = &story.pull.labels;
        (!labels.is_empty()).then(|| rng.pick(labels).clone())
    };
    let own_review = |rng: &mut Rng| {
        let reviews = &story.reviews;
        (!reviews.is_empty()).then(|| rng.pick(reviews).id)
    };
    Some(match kind {
        ActKind::Edit => Act::Edited(title(rng)),
        ActKind::Label => Act::Labeled(Label::named(*rng.pick(&LABELS))),
        ActKind::Unlabel => Act::Unlabeled(own_label(rng)?),
        ActKind::Push => Act::Synchronized(diff(rng)),
        ActKind::Draft => Act::ConvertedToDraft,
        ActKind::Ready => Act::ReadyForReview,
        ActKind::Close => Act::Closed,
        ActKind::Merge => Act::Merged,
        ActKind::Reopen => Act::Reopened,
        ActKind::Review => Act::Reviewed(review(rng, id)),
        ActKind::EditReview => {
            Act::ReviewEdited(own_review(rng)?, String::from("On second thought"))
        }
        ActKind::Dismiss => Act::ReviewDismissed(own_review(rng)?),
    })
}

pub(super) fn title(rng: &mut Rng) -> String {
    (*rng.pick(&TITLES)).to_owned()
}

pub(super) fn diff(rng: &mut Rng) -> Diff {
    Diff {
        additions: *rng.pick(&LINES),
        deletions: *rng.pick(&LINES),
        changed_files: rng.between(0, 30),
        head_sha: rng.sha(),
    }
}

fn review(rng: &mut Rng, id: i64) -> NewReview {
    NewReview {
        id,
        verdict: *rng.pick(&[Verdict::Approved, Verdict::ChangesRequested, Verdict::Commented]),
        body: rng.chance(50).then(|| String::from("Please look at line 3\u{0}")),
        association: rng.pick::<&str>(&["OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR", "NONE"]),
        bare: rng.chance(30),
    }
}
