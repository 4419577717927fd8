//! The e-mails that the demo sent, and samples of every e-mail; in the demo only.

use askama::Template;
use axum::{
    Extension, Router,
    http::{StatusCode, header},
    response::{Html, IntoResponse as _, Response},
    routing::get,
};
use kernel::Problem;
use platform::{
    Context,
    module::Modules,
    outbox::{Content, DemoMailbox, Message, Post, Sample},
    web::WebError,
};
use ui::{Address, PageError, PageResult, show};

/// The unsubscribe link in samples.
const UNSUBSCRIBE: &str = "https://guild.example/unsubscribe/0123";

#[derive(Template)]
#[template(path = "dev_mail.html")]
struct MailPage {
    sent: Vec<SentMail>,
    emails: Vec<(&'static str, Content)>,
}

/// An e-mail that the demo sent.
struct SentMail {
    message: Message,
    /// Path of its first link to this server.
    link: Option<String>,
}

impl SentMail {
    fn of(message: Message, site: &str) -> Self {
        let mut words = message.content.text.split_whitespace();
        let link = words.find_map(|word| word.strip_prefix(site).filter(|path| path.len() > 1));
        Self { link: link.map(str::to_owned), message }
    }
}

pub(super) fn routes() -> Router<Context> {
    Router::new().route("/dev/mail", get(list)).route("/dev/mail/{name}", get(one))
}

/// `GET /dev/mail`.
async fn list(
    Extension(modules): Extension<Modules>,
    Extension(post): Extension<Post>,
    Extension(demo_mailbox): Extension<DemoMailbox>,
) -> PageResult {
    let sent = demo_mailbox.emails().into_iter();
    let written = modules.email_samples().into_iter().map(|sample| {
        let content = written(&post, &sample)?;
        Ok((sample.name, content))
    });
    show(&MailPage {
        sent: sent.map(|message| SentMail::of(message, &post.site)).collect(),
        emails: written.collect::<Result<_, WebError>>()?,
    })
}

/// `GET /dev/mail/{name}`: a sample as HTML.
async fn one(
    Extension(modules): Extension<Modules>,
    Extension(post): Extension<Post>,
    Address(name): Address<String>,
) -> Result<Response, PageError> {
    let sample = modules.email_samples().into_iter().find(|sample| sample.name == name);
    let sample =
        sample.ok_or_else(|| Problem::not_found("E-mail not found. See the list at /dev/mail."))?;
    let html = written(&post, &sample)?.html.unwrap_or_default();
    let headers = [(header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::OK, headers, Html(html)).into_response())
}

fn written(post: &Post, sample: &Sample) -> Result<Content, WebError> {
    let unsubscribe = sample.is_optional.then_some(UNSUBSCRIBE);
    post.write(&*sample.template, unsubscribe).map_err(|error| WebError::Failed(Box::new(error)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use platform::outbox::{Frame, write};

    use super::*;

    #[test]
    fn every_email_is_complete_as_text_and_html() {
        let emails = crate::MODULES.email_samples();
        let names: BTreeSet<_> = emails.iter().map(|sample| sample.name).collect();
        assert_eq!(names.len(), emails.len(), "a name twice: {names:?}");
        for sample in emails {
            for unsubscribe in [None, Some(UNSUBSCRIBE)] {
                let site = "https://guild.example";
                let frame = Frame { site, community: "Fenwick & Co", unsubscribe };
                let content = write(&*sample.template, frame).expect(sample.name);
                let html = content.html.expect("HTML");
                let escaped = [("<", "&#60;"), (">", "&#62;"), ("'", "&#39;")];
                let subject = escaped
                    .iter()
                    .fold(content.subject, |text, (mark, escaped)| text.replace(mark, escaped));
                assert!(
                    html.contains(&format!("<title>{subject}</title>")),
                    "{}: {html}",
                    sample.name
                );
                assert!(content.text.contains(site) && html.contains(site));
                assert_eq!(content.text.contains(UNSUBSCRIBE), unsubscribe.is_some());
                assert_eq!(html.contains(UNSUBSCRIBE), unsubscribe.is_some());
                assert!(
                    !html.contains("style") && !html.contains("<script") && !html.contains("<img")
                );
                assert!(content.text.contains("Fenwick & Co, https"));
                assert!(html.contains(">Fenwick &#38; Co</a>"), "{html}");
                assert!(!content.text.contains("&#"), "{}", content.text);
            }
        }
    }
}
