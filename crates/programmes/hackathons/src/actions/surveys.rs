use identity::model::UserId;
use notifications::{actions::notify, model::Notice};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
    outbox::Post,
};
use serde_json::json;
use uuid::Uuid;

use super::{act_on, locked, refused};
use crate::{
    access,
    emails::{HACKATHON_SURVEY, SurveyOpened},
    model::{Phase, SURVEY_INVITED, Segment, SurveyAudience},
    reads::{self, SurveyView},
    rules::{
        instants::shown_with_zone,
        surveys::{
            AnswerInput, GivenQuestion, SurveyChange, Window, count_answers, may_answer,
            may_change, read_answers, read_questions, window,
        },
    },
    store::surveys,
};

/// Writes the questions of a survey. Without any, the survey is removed.
///
/// # Errors
/// When a question is not valid, someone has answered, people are invited and no question would be left, the survey is closed, or
/// the hackathon is canceled.
pub async fn set_survey(
    context: &Context,
    actor: Actor,
    slug: &str,
    audience: SurveyAudience,
    given: &[GivenQuestion],
) -> Result<Option<SurveyView>, ActionError> {
    let questions = read_questions(given)?;
    let tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    let (id, now) = (hackathon.key(), context.now());
    if hackathon.phase(now) == Phase::Canceled {
        let title = &hackathon.title;
        return Err(refused(format!("{title} is canceled, so it has no surveys.")));
    }
    let before = locked_survey(&tx, reads::survey(&tx, id, audience).await?).await?;
    let is_answered = match &before {
        Some(before) => reads::has_survey_answers(&tx, before).await?,
        None => false,
    };
    may_change(SurveyChange {
        window: window(&hackathon.steps(), now),
        is_sent: before.as_ref().is_some_and(|it| it.invited_at.is_some()),
        is_answered,
        is_empty: questions.is_empty(),
    })?;
    match (&before, questions.is_empty()) {
        (Some(before), true) => surveys::remove(&tx, before.key()).await?,
        (None, true) => {}
        (_, false) => {
            let text = json!(questions).to_string();
            surveys::save(&tx, context.ids.next(), id, audience, &text, now).await?;
        }
    }
    let after = json!({ "audience": audience.as_str(), "questions": questions.len() });
    let act = act_on(&hackathon, actor, "survey.set", Some(after));
    audit::record(&tx, context, act).await?;
    let written = reads::survey(&tx, id, audience).await?;
    tx.commit().await?;
    Ok(written)
}

/// Locks a survey and reads it again: of a change of the questions and an answer, one waits for the other.
async fn locked_survey(
    tx: &Tx,
    found: Option<SurveyView>,
) -> Result<Option<SurveyView>, ActionError> {
    let Some(found) = found else {
        return Ok(None);
    };
    tx.lock_rows("surveys", [found.id]).await?;
    Ok(reads::survey_by_id(tx, found.key()).await?)
}

/// Invites the people of the surveys that opened, each once, and wakes the worker that notifies them. Returns the number of surveys.
///
/// # Errors
/// When the database fails.
pub async fn open_surveys(context: &Context) -> Result<usize, ActionError> {
    let now = context.now();
    let mut opened = 0;
    for due in reads::surveys_to_open(&context.db, now).await? {
        let mut tx = context.begin().await?;
        let survey = locked_survey(&tx, Some(due)).await?;
        let Some(survey) = survey.filter(|it| it.invited_at.is_none()) else {
            continue;
        };
        let segment = match survey.audience {
            SurveyAudience::Participants => Segment::Accepted,
            SurveyAudience::Judges => Segment::Judges,
        };
        let hackathon = survey.hackathon_id.into();
        let people = reads::segment_people(&tx, hackathon, segment).await?;
        let rows: Vec<_> = people.into_iter().map(|person| (context.ids.next(), person)).collect();
        surveys::invite(&tx, survey.key(), &rows, now).await?;
        let (rows, ids) = (rows.iter().map(|(row, _)| *row), context.ids.as_ref());
        tx.wake(SURVEY_INVITED, rows, ids, now).await?;
        tx.commit().await?;
        opened += 1;
    }
    Ok(opened)
}

/// Counts the answers to the surveys that closed, each once, and deletes them: from then on, the results do not depend
/// on anyone, also if a person is erased. Returns the number of surveys.
///
/// # Errors
/// When the database fails.
pub async fn close_surveys(context: &Context) -> Result<usize, ActionError> {
    let now = context.now();
    let mut closed = 0;
    for due in reads::surveys_to_close(&context.db, now).await? {
        let tx = context.begin().await?;
        let survey = locked_survey(&tx, Some(due)).await?;
        let Some(survey) = survey.filter(|it| it.counted().is_none()) else {
            continue;
        };
        let answers = reads::survey_answers(&tx, survey.key()).await?;
        let counted = json!(count_answers(&survey.questions(), &answers)).to_string();
        surveys::close(&tx, survey.key(), &counted, now).await?;
        tx.commit().await?;
        closed += 1;
    }
    Ok(closed)
}

/// Stores the answers of a person to the survey to which they are invited, or changes them. It is not recorded who answered when,
/// so that no one can compare that with the results. `revision` is that of the questions that they saw.
///
/// # Errors
/// When they are not invited, the survey is not open, its questions changed since, or an answer is missing or not valid.
pub async fn answer_survey(
    context: &Context,
    person: UserId,
    slug: &str,
    revision: i64,
    inputs: &[AnswerInput],
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let found = reads::hackathon(&tx, slug).await?;
    let hackathon = found.ok_or_else(|| access::unknown_hackathon(slug))?;
    let found = reads::survey_for(&tx, hackathon.key(), person).await?;
    let found = locked_survey(&tx, found).await?;
    let survey = found.ok_or_else(|| access::not_surveyed(&hackathon))?;
    let now = context.now();
    let window = match survey.counted() {
        // Another process counted them, whose clock is ahead.
        Some(_) => Window::Closed,
        None => window(&hackathon.steps(), now),
    };
    may_answer(window, survey.revision, revision)?;
    let answers = read_answers(&survey.questions(), inputs)?;
    let text = json!(answers).to_string();
    surveys::answer(&tx, context.ids.next(), survey.key(), person, &text, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Notifies a person that a survey is open for them, unless it is closed by now.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_survey(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(invitation) = reads::survey_invitation(tx, id).await? else {
        return Ok(());
    };
    let survey = reads::survey_by_id(tx, invitation.survey_id.into()).await?;
    let Some(survey) = survey else {
        return Ok(());
    };
    let hackathon = reads::hackathon_by_id(tx, survey.hackathon_id.into()).await?;
    let Some(hackathon) = hackathon else {
        return Ok(());
    };
    let Window::Open(closes) = window(&hackathon.steps(), context.now()) else {
        return Ok(());
    };
    let email = SurveyOpened {
        closes: shown_with_zone(closes, hackathon.zone()),
        is_judge: survey.audience == SurveyAudience::Judges,
        hackathon: hackathon.title,
        slug: hackathon.slug,
    };
    let notice = Notice {
        kind: &HACKATHON_SURVEY,
        user_id: invitation.user_id.into(),
        object_id: id,
        occurrence: "",
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}
