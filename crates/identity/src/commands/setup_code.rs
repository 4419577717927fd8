use kernel::{Problem, ProblemKind};
use platform::{ActionError, Context, command::say};

use crate::{
    actions::{create_admin, make_setup_code},
    model::{Role, UserId},
    reads::{self, MemberFilter},
    rules,
};

/// The maximum number of admins whom an error names.
const NAMED: i64 = 5;

/// Arguments of `setup-code`.
#[derive(Clone, Debug, clap::Args)]
pub struct SetupCodeArgs {
    /// The admin to sign in as, by login or ID. Needed if there are several
    #[arg(long = "as", value_name = "LOGIN")]
    admin: Option<String>,
}

/// Creates an admin of the server at `site`, and prints a link with a code that signs them in once.
///
/// # Errors
/// When `address` is not an email address, a person has verified it, or an admin has stated it.
pub async fn create(context: &Context, site: &str, address: &str) -> Result<(), ActionError> {
    let (login, code) = create_admin(context, address).await?;
    say(format_args!("{site}{}?code={code}", rules::SETUP_PAGE));
    say(format_args!(
        "Open it within an hour to sign in as {login}, who is an admin. The link works once; \
         `guildhall setup-code --as {login}` prints another code."
    ));
    Ok(())
}

/// Prints a code that makes whoever enters it the first admin of the server at `site`, or signs in an admin.
///
/// # Errors
/// When the code is for no single admin.
pub async fn setup_code(
    context: &Context,
    site: &str,
    args: &SetupCodeArgs,
) -> Result<(), ActionError> {
    let admin = chosen(context, args.admin.as_deref()).await?;
    let code = make_setup_code(context, admin.as_ref().map(|(id, _)| *id)).await?;
    say(code);
    let what = match admin {
        Some((_, login)) => format!("to sign in as {login}"),
        None => "to become the first admin".to_owned(),
    };
    say(format_args!("Enter it at {site}{} within an hour {what}.", rules::SETUP_PAGE));
    Ok(())
}

/// Returns the admin whom a code is for; `None` while there is none.
async fn chosen(
    context: &Context,
    named: Option<&str>,
) -> Result<Option<(UserId, String)>, ActionError> {
    let filter = MemberFilter { role: Some(Role::Admin), ..MemberFilter::default() };
    let mut admins = reads::members(&context.db, &filter, context.now(), NAMED).await?;
    let Some(name) = named else {
        return match admins.len() {
            0 => Ok(None),
            1 => Ok(admins.pop().map(|admin| (admin.id.into(), admin.login))),
            _ => {
                let logins: Vec<String> = admins.into_iter().map(|admin| admin.login).collect();
                let logins = logins.join(", ");
                Err(no_such_admin(format!(
                    "Several people are admins: {logins}. Choose one with `--as LOGIN`."
                )))
            }
        };
    };
    let person = reads::find_named(&context.db, name).await?;
    if reads::role(&context.db, person.id.into()).await? == Some(Role::Admin) {
        return Ok(Some((person.id.into(), person.login)));
    }
    Err(no_such_admin(format!(
        "{0} is not an admin. Leave out `--as`, or run `guildhall user grant {0} --role admin` first.",
        person.login
    )))
}

fn no_such_admin(detail: String) -> ActionError {
    Problem::new(ProblemKind::Invalid, "NO_SUCH_ADMIN", detail).into()
}
