use kernel::{Timestamp, counted};
use platform::{
    ActionError, Context,
    command::{limit, say},
};
use serde_json::{Value, json};

use crate::{
    model::{Identity, Person, Role},
    reads::{self, Member, MemberFilter},
};

/// Arguments of `user list`.
#[derive(Clone, Debug, clap::Args)]
pub struct ListArgs {
    /// Only people with this role: user, moderator or admin
    #[arg(long)]
    role: Option<Role>,
    /// Only logins that contain this text
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    login: String,
    /// Continue after this login
    #[arg(long, value_name = "LOGIN", default_value = "", hide_default_value = true)]
    after: String,
    /// Maximum number of people to list
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = limit)]
    limit: u32,
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

/// Arguments of `user show`.
#[derive(Clone, Debug, clap::Args)]
pub struct ShowArgs {
    /// The person's login, or ID
    login: String,
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

/// Lists people by login.
///
/// # Errors
/// When the database fails.
pub async fn list(context: &Context, args: &ListArgs) -> Result<(), ActionError> {
    let filter = MemberFilter {
        login: args.login.clone(),
        text: String::new(),
        by_address: false,
        role: args.role,
        after: reads::place(&args.after),
    };
    let people = reads::members(&context.db, &filter, context.now(), args.limit.into()).await?;
    if args.json {
        say(json!({ "people": people }));
        return Ok(());
    }
    if people.is_empty() {
        say("No people found.");
    }
    for person in &people {
        say(format_args!(
            "{:39}  {:9}  {:>12}  {}",
            person.login,
            person.role.as_str(),
            counted(person.total_points, "point", "points"),
            state(person)
        ));
    }
    if let Some(last) = people.last()
        && people.len() == args.limit as usize
    {
        say(format_args!("For more people, add `--after {}`.", last.login));
    }
    Ok(())
}

/// Shows a person. Closed accounts are not among the members.
///
/// # Errors
/// When no one has the ID or login, or several accounts have the login.
pub async fn show(context: &Context, args: &ShowArgs) -> Result<(), ActionError> {
    let account = Account::find(context, &args.login).await?;
    if args.json {
        say(account.object());
    } else {
        account.lines().iter().for_each(say);
    }
    Ok(())
}

/// A person's account, as `user show` prints it.
struct Account {
    person: Person,
    /// Absent when the account is closed.
    member: Option<Member>,
    identities: Vec<Identity>,
    /// Number of open sessions.
    sessions: usize,
}

impl Account {
    async fn find(context: &Context, login: &str) -> Result<Self, ActionError> {
        let (db, now) = (&context.db, context.now());
        let person = reads::find_account(db, login).await?;
        Ok(Self {
            member: reads::member(db, person.id.into(), now).await?,
            identities: reads::identities(db, person.id.into()).await?,
            sessions: reads::sessions(db, person.id.into(), now).await?.len(),
            person,
        })
    }

    fn object(&self) -> Value {
        let Self { person, member, identities, sessions } = self;
        let identities: Vec<Value> = identities.iter().map(linked).collect();
        json!({
            "id": person.id, "login": person.login, "kind": person.kind, "created_at": person.created_at,
            "total_points": person.total_points, "is_closed": member.is_none(), "member": member,
            "identities": identities, "sessions": sessions,
        })
    }

    fn lines(&self) -> Vec<String> {
        let person = &self.person;
        let mut facts = vec![
            ("Login", person.login.clone()),
            ("ID", person.id.to_string()),
            ("Kind", person.kind.as_str().to_owned()),
            ("Points", person.total_points.to_string()),
            ("First seen", day(person.created_at)),
        ];
        match &self.member {
            None => facts.push(("State", "account closed".to_owned())),
            Some(member) => {
                let claimed = member.claimed_at.map_or_else(|| "never".to_owned(), day);
                facts.push(("First sign-in", claimed));
                facts.push(("Role", member.role.to_string()));
                facts.push(("State", state(member)));
            }
        }
        for identity in &self.identities {
            let label = identity.label.as_deref().unwrap_or_default();
            let account = format!("{} {label}", identity.provider);
            facts.push(("Linked account", account.trim_end().to_owned()));
        }
        facts.push(("Open sessions", self.sessions.to_string()));
        let line = |(name, value): &(&str, String)| format!("{name:16}  {value}");
        facts.iter().map(line).collect()
    }
}

fn linked(identity: &Identity) -> Value {
    json!({
        "provider": identity.provider, "label": identity.label, "created_at": identity.created_at,
        "used_at": identity.used_at, "unlinked_at": identity.unlinked_at,
    })
}

/// Describes a person's ban, or their first sign-in.
fn state(person: &Member) -> String {
    let ban = &person.ban;
    match (&ban.at, &ban.ends_at) {
        (None, _) if person.claimed_at.is_some() => "has signed in".to_owned(),
        (None, _) => "has not signed in".to_owned(),
        (Some(_), Some(end)) => format!("banned until {}", day(*end)),
        (Some(_), None) => "banned indefinitely".to_owned(),
    }
}

fn day(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
