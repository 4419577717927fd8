//! The state of GitHub's last message to a webhook.

use kernel::Timestamp;

/// The last message of GitHub to a webhook.
#[derive(Clone, Debug)]
pub struct LastMessage {
    /// The event, such as `push`.
    pub event: String,
    /// When it was sent, unless GitHub does not tell.
    pub sent_at: Option<Timestamp>,
    /// The status of the response; 0 if there was none.
    pub status: i64,
}

impl LastMessage {
    /// Returns when it arrived at `receiver`, the address of this server for messages.
    ///
    /// # Errors
    /// When it was not accepted: how it failed, with the next step.
    pub fn arrival(&self, receiver: &str) -> Result<String, String> {
        let Self { event, sent_at, status } = self;
        let at = sent_at.map(|at| at.format(" at %Y-%m-%d %H:%M UTC").to_string());
        let at = at.unwrap_or_default();
        let failed = match status {
            200..300 => return Ok(format!("the last message ({event}) arrived{at}")),
            0 => "got no response".to_owned(),
            status => format!("failed with status {status}"),
        };
        let next = next_step(*status, receiver);
        Err(format!("the last message ({event}){at} {failed}: {next}"))
    }
}

fn next_step(status: i64, receiver: &str) -> String {
    match status {
        0 => format!("let GitHub reach {receiver}, or correct the address of this server"),
        401 => "enter the secret of this server on GitHub again".to_owned(),
        300..=399 | 404 | 405 => {
            format!("something else responds at {receiver}: correct the address of this server")
        }
        _ => "the log of this server says why; then have GitHub send it again".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_arrived_or_has_a_next_step() {
        let receiver = "https://fen.example/api/v1/webhooks/github";
        let said = |status| {
            let sent_at = "2026-11-01T08:30:12Z".parse().ok();
            LastMessage { event: "push".to_owned(), sent_at, status }.arrival(receiver)
        };
        let arrived = said(202).expect("accepted");
        assert_eq!(arrived, "the last message (push) arrived at 2026-11-01 08:30 UTC");
        for (status, words) in [
            (0, "got no response: let GitHub reach https://fen.example/"),
            (301, "failed with status 301: something else responds"),
            (401, "failed with status 401: enter the secret"),
            (404, "failed with status 404: something else responds"),
            (503, "failed with status 503: the log"),
            (-1, "failed with status -1: the log"),
        ] {
            let failed = said(status).expect_err("not accepted");
            assert!(failed.contains(words), "{status}: {failed}");
        }
        let untimed = LastMessage { event: "ping".to_owned(), sent_at: None, status: 200 };
        assert_eq!(untimed.arrival(receiver), Ok("the last message (ping) arrived".to_owned()));
    }
}
