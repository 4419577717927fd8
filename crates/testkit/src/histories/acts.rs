use super::words::{LABELS, LINES, TITLES};
use crate::{
    payloads::{Label, Verdict},
    rng::Rng,
    story::{Act, Diff, NewReview, Story},
};

/// Acts to draw for an open pull request. Some are listed twice to make them more likely.
const KINDS: [Kind; 17] = [
    Kind::Edit,
    Kind::Label,
    Kind::Label,
    Kind::Unlabel,
    Kind::Push,
    Kind::Push,
    Kind::Draft,
    Kind::Ready,
    Kind::Ready,
    Kind::Close,
    Kind::Merge,
    Kind::Merge,
    Kind::Reopen,
    Kind::Review,
    Kind::Review,
    Kind::EditReview,
    Kind::Dismiss,
];

#[derive(Clone, Copy)]
enum Kind {
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

fn act(rng: &mut Rng, story: &Story, id: i64, kind: Kind) -> Option<Act> {
    let own_label = |rng: &mut Rng| {
        let labels = &story.pull.labels;
        (!labels.is_empty()).then(|| rng.pick(labels).clone())
    };
    let own_review = |rng: &mut Rng| {
        let reviews = &story.reviews;
        (!reviews.is_empty()).then(|| rng.pick(reviews).id)
    };
    Some(match kind {
        Kind::Edit => Act::Edited(title(rng)),
        Kind::Label => Act::Labeled(Label::named(*rng.pick(&LABELS))),
        Kind::Unlabel => Act::Unlabeled(own_label(rng)?),
        Kind::Push => Act::Synchronized(diff(rng)),
        Kind::Draft => Act::ConvertedToDraft,
        Kind::Ready => Act::ReadyForReview,
        Kind::Close => Act::Closed,
        Kind::Merge => Act::Merged,
        Kind::Reopen => Act::Reopened,
        Kind::Review => Act::Reviewed(review(rng, id)),
        Kind::EditReview => Act::ReviewEdited(own_review(rng)?, String::from("On second thought")),
        Kind::Dismiss => Act::ReviewDismissed(own_review(rng)?),
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
