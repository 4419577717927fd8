//! The form with which people apply, and withdraw.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::SignedIn;
use kernel::Timestamp;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Confirmation, Filled, Form, PageError, PageResult, format::tame, markdown, redirect,
    show,
};

use super::HackathonCard;
use crate::{
    access::{SeenHackathon, not_applied},
    actions::{self, check_invitation, is_invited},
    model::{ApplicationStatus, MOST_QUESTIONS, Phase, Places},
    reads::{self, ApplicationView, HackathonView},
    rules::{
        applications::{ApplicationAnswer, ApplicationInput, may_apply},
        details::Question,
        staff::may_take_part,
    },
};

/// The fields of the questions that the form asked, and of their answers.
const ANSWERS: [(&str, &str); MOST_QUESTIONS] = [
    ("question_1", "answer_1"),
    ("question_2", "answer_2"),
    ("question_3", "answer_3"),
    ("question_4", "answer_4"),
    ("question_5", "answer_5"),
    ("question_6", "answer_6"),
    ("question_7", "answer_7"),
    ("question_8", "answer_8"),
    ("question_9", "answer_9"),
    ("question_10", "answer_10"),
];

/// A question that the form asks.
struct FormQuestion {
    /// The field that names the question.
    question_field: &'static str,
    answer_field: &'static str,
    question: Question,
    answer: String,
}

#[derive(Template)]
#[template(path = "apply.html")]
struct ApplyPage {
    card: HackathonCard,
    hackathon: HackathonView,
    conduct: String,
    own: Option<ApplicationView>,
    /// Why the person cannot apply now.
    refusal: Option<String>,
    invitation: String,
    form: Form,
}

impl ApplyPage {
    /// Returns what comes after the application, each with its time.
    fn road(&self) -> Vec<(&'static str, String)> {
        let dates = self.card.timeline;
        let steps = [
            ("Applications close", Some(dates.application_closes_at)),
            ("You confirm your place until", self.hackathon.confirm_by),
            ("Submissions open", Some(dates.submission_opens_at)),
            ("Submissions close", Some(dates.submission_closes_at)),
        ];
        let later = |at: &Timestamp| *at > self.card.now;
        let shown = |(says, at): (_, Option<Timestamp>)| {
            at.filter(later).map(|at| (says, self.card.at(&at)))
        };
        steps.into_iter().filter_map(shown).collect()
    }

    /// Returns the questions that are asked now, with the answers that were typed to them.
    fn questions(&self) -> Vec<FormQuestion> {
        let typed = answers(&self.form);
        let asked = |((question_field, answer_field), question): (_, Question)| {
            let answer = typed.iter().find(|it| it.question == question.text);
            FormQuestion {
                question_field,
                answer_field,
                answer: answer.map(|it| it.answer.clone()).unwrap_or_default(),
                question,
            }
        };
        let fields = ANSWERS.into_iter();
        fields.zip(self.hackathon.questions()).map(asked).collect()
    }

    fn is_looking(&self) -> bool {
        let looks = self.own.as_ref().is_none_or(|own| own.is_looking_for_team);
        self.form.has("is_looking_for_team", "yes", looks)
    }

    fn accepts(&self) -> bool {
        let version = self.hackathon.conduct_version;
        let accepted = (self.own.as_ref()).is_some_and(|own| own.conduct_version == version);
        self.form.has("conduct_version", &version.to_string(), accepted)
    }

    /// Returns whether the person changes an application that is open.
    fn is_change(&self) -> bool {
        self.own.as_ref().is_some_and(|own| own.status.is_open())
    }

    /// Returns the sentence about places.
    fn places(&self) -> &'static str {
        match (self.hackathon.places, self.hackathon.capacity) {
            _ if self.card.phase != Phase::Applications => {
                "Late registration takes people while places are free."
            }
            (Places::Review, _) => "Organizers review each application.",
            (_, Some(_)) => {
                "When the hackathon is full, you join the waitlist and move up by yourself."
            }
            (_, None) => "Everyone who applies has a place.",
        }
    }
}

/// `GET /hackathons/{slug}/apply`.
pub(super) async fn form(
    State(context): State<Context>,
    _: SignedIn,
    seen: SeenHackathon,
) -> PageResult {
    let form = stored(&seen);
    render(&context, &seen, form).await
}

/// Fills the form with the person's application.
fn stored(seen: &SeenHackathon) -> Form {
    let Some(own) = &seen.application else {
        return Form::default();
    };
    let form =
        Form::default().with("motivation", &own.motivation).with("skills", own.skills().join(", "));
    let questions = ANSWERS.into_iter().zip(seen.hackathon.questions());
    let filled = questions.fold(form, |form, ((question_field, answer_field), question)| {
        let answer = own.answer_to(&question.text);
        form.with(question_field, question.text).with(answer_field, answer)
    });
    let filled =
        if own.is_looking_for_team { filled.with("is_looking_for_team", "yes") } else { filled };
    filled.with("conduct_version", own.conduct_version.to_string())
}

/// Reads the answers of the form, each with the question that the form asked.
fn answers(form: &Form) -> Vec<ApplicationAnswer> {
    let answer = |(question, answer): &(&str, &str)| ApplicationAnswer {
        question: form.value(question).to_owned(),
        answer: form.value(answer).to_owned(),
    };
    ANSWERS.iter().map(answer).collect()
}

async fn render(context: &Context, seen: &SeenHackathon, form: Form) -> PageResult {
    let hackathon = seen.hackathon.clone();
    let now = context.now();
    let conduct = reads::conduct(&context.db, hackathon.key(), hackathon.conduct_version).await?;
    let status = seen.application.as_ref().map(|it| it.status);
    let title = &hackathon.title;
    let begins = !status.is_some_and(ApplicationStatus::is_open);
    let counts = reads::counts(&context.db, hackathon.key()).await?;
    let is_invited = is_invited(&hackathon, seen.role, &seen.invitation);
    let admit = || {
        check_invitation(&hackathon, is_invited)?;
        hackathon.admit_late(&counts, now)
    };
    let refusal = may_take_part(title, seen.role)
        .and_then(|()| may_apply(title, hackathon.phase(now), hackathon.late_registration, status))
        .and_then(|()| if begins { admit() } else { Ok(()) });
    show(&ApplyPage {
        card: HackathonCard::of(&hackathon, now),
        conduct: markdown::typed(&conduct),
        own: seen.application.clone(),
        refusal: refusal.err().map(|problem| problem.detail),
        invitation: seen.invitation.clone(),
        hackathon,
        form,
    })
}

/// The fields of the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ApplyFields {
    motivation: String,
    skills: String,
    is_looking_for_team: String,
    conduct_version: String,
    invitation: String,
}

impl ApplyFields {
    fn input(self, form: &Form) -> ApplicationInput {
        ApplicationInput {
            motivation: self.motivation,
            skills: self.skills,
            answers: answers(form),
            conduct_version: self.conduct_version.parse().unwrap_or(0),
            is_looking_for_team: self.is_looking_for_team == "yes",
        }
    }
}

/// `POST /hackathons/{slug}/apply`.
pub(super) async fn save(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    mut seen: SeenHackathon,
    Filled(fields, form): Filled<ApplyFields>,
) -> Result<Response, PageError> {
    let slug = seen.hackathon.slug.clone();
    seen.invitation.clone_from(&fields.invitation);
    let invitation = fields.invitation.clone();
    let input = fields.input(&form);
    let applied = actions::apply(&context, viewer.user_id, &slug, &invitation, &input).await;
    match applied {
        Ok(application) => {
            let said =
                format!("Application saved: {}", application.status.heading().to_lowercase());
            Ok(redirect(&seen.hackathon.address(), &said))
        }
        Err(error) => {
            let again = |form| render(&context, &seen, form);
            form.refused(error, again).await
        }
    }
}

/// `GET /hackathons/{slug}/withdraw`: asks before a person withdraws.
pub(super) async fn ask_to_withdraw(
    State(context): State<Context>,
    _: SignedIn,
    seen: SeenHackathon,
) -> PageResult {
    let is_open = (seen.application.as_ref()).is_some_and(|own| own.status.is_open());
    let phase = seen.hackathon.phase(context.now());
    if !is_open || phase.is_over() {
        return Err(WebError::from(not_applied(&seen.hackathon)).into());
    }
    let again = if !seen.hackathon.takes_applications(context.now()) {
        "Applications are closed, so you cannot apply again."
    } else if phase == Phase::Applications {
        "You can apply again until applications close, at the end of the waitlist."
    } else {
        "You can apply again while places are free, until submissions close."
    };
    show(&Confirmation {
        question: format!("Withdraw from {}?", tame(&seen.hackathon.title)),
        consequence: format!(
            "You leave your team, and your place goes to the next person on the waitlist. {again}"
        ),
        facts: Vec::new(),
        action: format!("{}/withdraw", seen.hackathon.address()),
        fields: Vec::new(),
        button: "Withdraw".to_owned(),
        is_ending: true,
        back: seen.hackathon.address(),
    })
}

/// `POST /hackathons/{slug}/withdraw`.
pub(super) async fn withdraw(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    seen: SeenHackathon,
) -> Result<Response, PageError> {
    let withdrawn = actions::withdraw(&context, viewer.user_id, &seen.hackathon.slug).await;
    withdrawn.map_err(WebError::from)?;
    // A person without an application no longer sees a private hackathon.
    Ok(redirect("/hackathons", "Your application is withdrawn"))
}

/// The field of the form that says whether a person is looking for a team.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LookFields {
    is_looking_for_team: String,
}

/// `POST /hackathons/{slug}/confirm`: confirms the viewer's place.
pub(super) async fn confirm(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(slug): Address<String>,
) -> Result<Response, PageError> {
    let confirmed = actions::confirm_place(&context, viewer.user_id, &slug).await;
    confirmed.map_err(WebError::from)?;
    let address = format!("/hackathons/{}", ui::format::segment(&slug));
    Ok(redirect(&address, "Your place is confirmed"))
}

/// `POST /hackathons/{slug}/looking`.
pub(super) async fn look(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(slug): Address<String>,
    Filled(fields, _): Filled<LookFields>,
) -> Result<Response, PageError> {
    let looks = fields.is_looking_for_team == "yes";
    let set = actions::set_looking(&context, viewer.user_id, &slug, looks).await;
    let status = set.map_err(WebError::from)?;
    let said = if !looks {
        "Others no longer see you as looking for a team"
    } else if status.holds_place() {
        "Others see that you are looking for a team"
    } else {
        "Once you have a place, others see that you are looking for a team"
    };
    let address = format!("/hackathons/{}/teams", ui::format::segment(&slug));
    Ok(redirect(&address, said))
}
