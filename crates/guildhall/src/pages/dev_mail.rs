//! The emails that the demo sent, and samples of every email; in the demo only.

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

/// Lets a sample have the inline styles of emails, and the mark of the community.
const POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; form-action 'none'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// The unsubscribe link in samples.
const UNSUBSCRIBE: &str = "https://guild.example/unsubscribe/0123";

#[derive(Template)]
#[template(path = "dev_mail.html")]
struct MailPage {
    sent: Vec<SentMail>,
    emails: Vec<(&'static str, Content)>,
}

/// An email that the demo sent.
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
        sample.ok_or_else(|| Problem::not_found("Email not found. See the list at /dev/mail."))?;
    let html = written(&post, &sample)?.html.unwrap_or_default();
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_SECURITY_POLICY, POLICY)];
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

    /// The most bytes of an email.
    const MOST: usize = 60 * 1024;
    /// The most characters of a subject.
    const LONGEST_SUBJECT: usize = 78;
    /// Samples of emails to people who have no page to open.
    const WITHOUT_BUTTON: [&str; 1] = ["ctf-reminder-sign-in"];

    const SITE: &str = "https://guild.example";

    fn frame(unsubscribe: Option<&'static str>) -> Frame<'static> {
        Frame { site: SITE, community: "Fenwick & Co", unsubscribe }
    }

    fn escaped(text: &str) -> String {
        let marks =
            [("&", "&#38;"), ("<", "&#60;"), (">", "&#62;"), ("'", "&#39;"), ("\"", "&#34;")];
        marks.iter().fold(text.to_owned(), |text, (mark, escaped)| text.replace(mark, escaped))
    }

    #[test]
    fn every_email_is_complete_as_text_and_html() {
        let emails = crate::MODULES.email_samples();
        let names: BTreeSet<_> = emails.iter().map(|sample| sample.name).collect();
        assert_eq!(names.len(), emails.len(), "a name twice: {names:?}");
        for Sample { name, template, .. } in emails {
            let email = template.email(frame(None));
            for unsubscribe in [None, Some(UNSUBSCRIBE)] {
                let content = write(&*template, frame(unsubscribe)).expect(name);
                let (text, html) = (content.text, content.html.expect("HTML"));
                let title = format!("<title>{}</title>", escaped(&content.subject));
                assert!(html.contains(&title), "{name}: {html}");
                let characters = content.subject.chars().count();
                assert!(characters <= LONGEST_SUBJECT, "{name}: {}", content.subject);
                assert!(html.len() <= MOST && text.len() <= MOST, "{name}: {} bytes", html.len());
                let first = text.lines().next().unwrap_or_default();
                assert_eq!(first, email.heading.to_uppercase(), "{name}");
                assert!(
                    html.contains(&format!(">{}</h1>", escaped(&email.heading))),
                    "{name}: {html}"
                );
                assert_eq!(text.contains(UNSUBSCRIBE), unsubscribe.is_some(), "{name}");
                assert_eq!(html.contains(UNSUBSCRIBE), unsubscribe.is_some(), "{name}");
                let why = email.why().expect(name);
                assert!(text.contains(&why) && html.contains(&escaped(&why)), "{name}: {text}");
                assert!(text.ends_with("Fenwick & Co, https://guild.example\n"), "{name}: {text}");
                assert!(html.contains(">Fenwick &#38; Co</a>"), "{name}: {html}");
                assert!(!text.contains("&#"), "{name}: {text}");
                assert!(html.contains("<meta name=\"color-scheme\" content=\"light dark\">"));
                assert!(!html.contains("<script"), "{name}");
                assert_eq!(html.matches("<img").count(), 1, "{name}: {html}");
            }
        }
    }

    #[test]
    fn a_button_has_the_same_address_in_the_text() {
        for Sample { name, template, .. } in crate::MODULES.email_samples() {
            let content = write(&*template, frame(None)).expect(name);
            let (text, html) = (content.text, content.html.expect("HTML"));
            let button = template.email(frame(None)).button;
            assert_eq!(button.is_none(), WITHOUT_BUTTON.contains(&name), "{name}");
            assert_eq!(
                html.matches("class=\"btn\"").count(),
                usize::from(button.is_some()),
                "{name}"
            );
            let Some(button) = button else {
                continue;
            };
            let address = frame(None).address(&button.address);
            assert!(text.lines().any(|line| line.trim() == address), "{name}: {address}: {text}");
            let (_, after) = html.split_once("class=\"btn\"").expect(name);
            let link = after.split("</a>").next().unwrap_or_default();
            assert!(link.contains(&format!("href=\"{}\"", escaped(&address))), "{name}: {link}");
            assert!(link.ends_with(&format!(">{}", escaped(&button.label))), "{name}: {link}");
        }
    }
}
