use identity::rules::email_address;
use kernel::{Checks, Problem, ProblemKind};
use platform::{config::Config, outbox::MailServer, settings::SettingChange};
use ui::Form;

/// A mail server as an admin enters it.
pub(super) struct EnteredMail {
    pub(super) server: MailServer,
    /// The sender of emails.
    sender: String,
    /// The address that gets a test.
    pub(super) address: String,
}

/// Returns the mail server of a configuration.
pub(super) fn saved_server(config: &Config) -> Option<MailServer> {
    MailServer::of(config.smtp_url.as_ref()?)
}

impl EnteredMail {
    /// Reads a form.
    ///
    /// # Errors
    /// When fields are missing or invalid.
    pub(super) fn read(form: &Form) -> Result<Self, Problem> {
        let mut checks = Checks::default();
        let [host, port, username] = ["host", "port", "username"].map(|name| form.value(name));
        let server = checks.read(MailServer::typed(host, port, username));
        if username.trim().is_empty() && !form.value("password").is_empty() {
            let detail = "Enter the user name that the password belongs to.";
            checks.refuse(bad(detail).at("username"));
        }
        let sender = form.value("mail_from").trim().to_owned();
        if sender.is_empty() {
            let detail = "Enter the address that emails come from, such as hello@guild.example.";
            checks.refuse(bad(detail).at("mail_from"));
        }
        let address = checks.read(email_address(form.value("address")));
        checks.finish(Self { server, sender, address })
    }

    /// Returns the changes of settings. Without a password, the saved one stays, but never for another server or user.
    pub(super) fn changes(&self, config: &Config, password: &str) -> Vec<SettingChange> {
        let mut changes = vec![
            SettingChange::set("smtp_url", self.server.url()),
            SettingChange::set("mail_from", self.sender.as_str()),
            SettingChange::unset("resend_api_key"),
        ];
        let (host, username) = (&self.server.host, &self.server.username);
        let is_other = |saved: MailServer| saved.host != *host || saved.username != *username;
        if !password.is_empty() {
            changes.push(SettingChange::set("smtp_password", password));
        } else if saved_server(config).is_none_or(is_other) {
            changes.push(SettingChange::unset("smtp_password"));
        }
        changes
    }
}

fn bad(detail: &str) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_SETTING", detail)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use platform::config::Flags;

    use super::*;

    #[test]
    fn a_saved_password_stays_with_its_server_and_user_only() {
        let env = BTreeMap::from([
            ("SMTP_URL".to_owned(), "smtps://owl:secret@mail.example".to_owned()),
            ("GUILDHALL_MAIL_FROM".to_owned(), "hall@guild.example".to_owned()),
        ]);
        let config = Config::load(&env, &Flags::default()).expect("settings");
        let keys = |host: &str, username: &str, password: &str| {
            let server =
                MailServer { host: host.to_owned(), port: 587, username: username.to_owned() };
            let entered = EnteredMail { server, sender: String::new(), address: String::new() };
            let changes = entered.changes(&config, password);
            let change = changes.iter().find(|change| change.key == "smtp_password");
            change.map(|change| change.text.is_some())
        };
        assert_eq!(keys("mail.example", "owl", ""), None, "kept");
        assert_eq!(keys("mail.example", "owl", "new"), Some(true));
        assert_eq!(keys("mail.evil", "owl", ""), Some(false));
        assert_eq!(keys("mail.example", "wren", ""), Some(false));
    }
}
