use platform::{ActionError, Context};

use super::{sign_in::Welcome, sign_in_link::use_link};
use crate::{
    model::Device,
    rules,
    store::sign_in_links::{self as links, LinkBy},
};

/// Signs in with the code of the latest emailed link, in the browser that requested it (`browser`, its secret), like
/// [`super::sign_in_by_link`]; returns the path to continue to. For an address that got no email, every code is wrong.
///
/// # Errors
/// When the text cannot be a code, the code is wrong, five codes were, or as for the link.
pub async fn sign_in_by_code(
    context: &Context,
    typed: &str,
    browser: &str,
    device: &Device,
    former: Option<&str>,
) -> Result<(Welcome, String), ActionError> {
    let code = rules::typed_sign_in_code(typed)?;
    let (browser, now) = (rules::hash(browser), context.now());
    let mut tx = context.begin().await?;
    // Counted first, so that requests at once wait for each other and none compares one code too many.
    links::note_try(&tx, browser.clone(), now).await?;
    let found = links::find(&tx, LinkBy::Browser(browser), now).await?;
    let found = found.ok_or_else(rules::dead_sign_in_code)?;
    let left = rules::code_tries_left(found.code_tries)?;
    if found.code_hash != Some(rules::hash(&code)) {
        tx.commit().await?;
        return Err(rules::wrong_sign_in_code(left).into());
    }
    let entered = use_link(&mut tx, context, &found, device, former).await?;
    tx.commit().await?;
    Ok(entered)
}
