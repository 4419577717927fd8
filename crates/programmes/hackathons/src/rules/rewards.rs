//! Validation of rewards and claims, and decisions on redemptions.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use chrono_tz::Tz;
use kernel::{Checks, Points, Problem, ProblemKind, Timestamp, typed};

use super::{instants::instant, invalid_reward};
use crate::model::{ClaimKind, RedemptionStatus, RewardKind};

/// The maximum number of characters of the name of a reward.
pub const NAME: usize = 100;
/// The maximum number of characters of a description.
pub const DESCRIPTION: usize = 5_000;
/// The maximum number of characters of an address.
pub const ADDRESS: usize = 500;
/// The maximum number of characters of a code, and of codes added at a time.
const CODES: (usize, usize) = (200, 1_000);
/// The highest cost, stock and limit.
pub const MOST: i64 = 1_000_000;
/// How long a redemption waits until the reward's owner is reminded.
pub const OWNER_AFTER: TimeDelta = TimeDelta::days(7);
/// How long it waits until admins are alerted.
pub const ADMINS_AFTER: TimeDelta = TimeDelta::days(14);

/// The details of a reward as they were typed. Absent fields stay as they are, or have their default in a new reward; the
/// empty text means none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RewardInput {
    pub kind: Option<String>,
    pub name: Option<String>,
    /// The description, as Markdown.
    pub description: Option<String>,
    /// The cost in points.
    pub cost: Option<String>,
    /// The number in stock; empty for no limit.
    pub stock: Option<String>,
    /// The stock at which admins are alerted; empty for none.
    pub low_stock: Option<String>,
    /// How many one person can redeem; empty for no limit.
    pub person_limit: Option<String>,
    /// The data that the person states, or gets.
    pub claim_kind: Option<String>,
    /// The login of the person who sees to redemptions; empty for none.
    pub owner: Option<String>,
    /// When people can begin to redeem it; empty for at once.
    pub active_from: Option<String>,
    /// When they no longer can; empty for never.
    pub active_until: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RewardDetails {
    pub kind: RewardKind,
    pub name: String,
    /// The description, as Markdown.
    pub description: String,
    pub cost: Points,
    /// The number in stock; `None` for no limit.
    pub stock: Option<i64>,
    /// The stock at which admins are alerted.
    pub low_stock: Option<i64>,
    /// How many one person can redeem.
    pub person_limit: Option<i64>,
    /// The data that the person states, or gets.
    pub claim_kind: ClaimKind,
    /// When people can begin to redeem it.
    pub active_from: Option<Timestamp>,
    /// When they no longer can.
    pub active_until: Option<Timestamp>,
}

impl RewardDetails {
    /// Returns the details that an input describes, with those of `before` where it is silent.
    ///
    /// # Errors
    /// When a required field is missing or a field is not valid. The problem names the field.
    pub fn read(input: &RewardInput, before: Option<&Self>) -> Result<Self, Problem> {
        let name = input.name.clone().or(before.map(|it| it.name.clone()));
        let name = typed::line(&name.unwrap_or_default(), "The name", NAME);
        let about = input.description.clone();
        let about = about.or(before.map(|it| it.description.clone()));
        let about = typed::paragraphs(&about.unwrap_or_default(), "The description", DESCRIPTION);
        let mut checks = Checks::default();
        let name = checks.read(name.map_err(|detail| invalid_reward("name", detail)));
        let kind = checks.read_or(kind(input, before), RewardKind::Other);
        let about = about.map_err(|detail| invalid_reward("description", detail));
        let description = checks.read(about);
        let cost = checks.read(cost(input, before));
        let claim_kind = checks.value(claim_kind(input, before));
        // Whether a stock is allowed depends on the kind of claim.
        let known_kind = claim_kind.unwrap_or(ClaimKind::None);
        let stock = stock(input, before, known_kind);
        let stock = if claim_kind.is_some() { checks.read(stock) } else { None };
        let low_stock = before.and_then(|it| it.low_stock);
        let low_stock = checks.read(number("low_stock", input.low_stock.as_deref(), low_stock));
        let person_limit = checks.read(person_limit(input, before));
        let (active_from, active_until) = checks.read(span(input, before));
        checks.finish(Self {
            kind,
            name,
            description,
            cost,
            stock,
            low_stock,
            person_limit,
            claim_kind: known_kind,
            active_from,
            active_until,
        })
    }
}

fn cost(input: &RewardInput, before: Option<&RewardDetails>) -> Result<Points, Problem> {
    let cost = number("cost", input.cost.as_deref(), before.map(|it| it.cost))?;
    at_least_one("cost", cost)?
        .ok_or_else(|| invalid_reward("cost", "Enter the cost in points.".to_owned()))
}

fn person_limit(
    input: &RewardInput,
    before: Option<&RewardDetails>,
) -> Result<Option<i64>, Problem> {
    let known = before.and_then(|it| it.person_limit);
    at_least_one("person_limit", number("person_limit", input.person_limit.as_deref(), known)?)
}

/// Reads a whole number of at least 0; the empty text is none.
fn number(
    field: &'static str,
    given: Option<&str>,
    before: Option<i64>,
) -> Result<Option<i64>, Problem> {
    let Some(given) = given.map(str::trim) else {
        return Ok(before);
    };
    if given.is_empty() {
        return Ok(None);
    }
    match given.parse() {
        Ok(number) if (0..=MOST).contains(&number) => Ok(Some(number)),
        _ => Err(invalid_reward(
            field,
            format!("'{given}' is not a whole number from 0 to {MOST}. Enter one."),
        )),
    }
}

fn at_least_one(field: &'static str, number: Option<i64>) -> Result<Option<i64>, Problem> {
    match number {
        Some(0) => Err(invalid_reward(field, "Enter 1 or more.".to_owned())),
        number => Ok(number),
    }
}

fn kind(input: &RewardInput, before: Option<&RewardDetails>) -> Result<RewardKind, Problem> {
    match &input.kind {
        None => Ok(before.map_or(RewardKind::Other, |before| before.kind)),
        Some(given) => RewardKind::named(given.trim()).ok_or_else(|| {
            let detail = format!(
                "'{given}' is not a type. Use swag, cash, coupon, mentorship, credential or other."
            );
            invalid_reward("kind", detail)
        }),
    }
}

/// Reads the kind of claim. A reward with codes keeps it, because its stock is the number of free codes.
fn claim_kind(input: &RewardInput, before: Option<&RewardDetails>) -> Result<ClaimKind, Problem> {
    let known = before.map(|before| before.claim_kind);
    let chosen = match &input.claim_kind {
        None => known.unwrap_or(ClaimKind::None),
        Some(given) => ClaimKind::named(given.trim()).ok_or_else(|| {
            let detail = format!(
                "'{given}' is not a kind of claim. Use none, address, email or coupon_code."
            );
            invalid_reward("claim_kind", detail)
        })?,
    };
    let changed = known.is_some_and(|known| known != chosen);
    if changed && (known == Some(ClaimKind::Code) || chosen == ClaimKind::Code) {
        Err(invalid_reward(
            "claim_kind",
            "A reward with codes keeps them, and others get none. Create another reward."
                .to_owned(),
        ))
    } else {
        Ok(chosen)
    }
}

/// Reads the stock. That of a reward with codes is the number of free codes, which this does not change.
fn stock(
    input: &RewardInput,
    before: Option<&RewardDetails>,
    claim: ClaimKind,
) -> Result<Option<i64>, Problem> {
    let known = before.and_then(|before| before.stock);
    match claim {
        ClaimKind::Code => Ok(Some(known.unwrap_or(0))),
        _ => number("stock", input.stock.as_deref(), known),
    }
}

type Span = (Option<Timestamp>, Option<Timestamp>);

fn span(input: &RewardInput, before: Option<&RewardDetails>) -> Result<Span, Problem> {
    let read = |field, given: &Option<String>, before: Option<Timestamp>| match given
        .as_deref()
        .map(str::trim)
    {
        None => Ok(before),
        Some("") => Ok(None),
        Some(given) => match instant(field, given, Tz::UTC) {
            Ok(at) => Ok(Some(at)),
            Err(problem) => Err(invalid_reward(field, problem.detail)),
        },
    };
    let from = before.and_then(|before| before.active_from);
    let until = before.and_then(|before| before.active_until);
    let mut checks = Checks::default();
    let from = checks.read(read("active_from", &input.active_from, from));
    let until = checks.read(read("active_until", &input.active_until, until));
    if from.zip(until).is_some_and(|(from, until)| until <= from) {
        let detail = "The end is not after the beginning. Enter a later one.";
        checks.refuse(invalid_reward("active_until", detail.to_owned()));
    }
    checks.finish((from, until))
}

/// The conditions for redeeming a reward, besides the points of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// True if it is archived.
    pub is_archived: bool,
    /// When people can begin to redeem it.
    pub active_from: Option<Timestamp>,
    /// When they no longer can.
    pub active_until: Option<Timestamp>,
    /// The number in stock; `None` for no limit.
    pub stock: Option<i64>,
    /// How many one person can redeem.
    pub person_limit: Option<i64>,
}

impl Offer {
    /// Returns whether people can redeem it at an instant, if it is in stock.
    #[must_use]
    pub fn is_active(&self, now: Timestamp) -> bool {
        let begun = self.active_from.is_none_or(|from| from <= now);
        let ended = self.active_until.is_some_and(|until| until <= now);
        !self.is_archived && begun && !ended
    }

    /// Returns whether nothing is left of it.
    #[must_use]
    pub fn is_sold_out(&self) -> bool {
        self.stock == Some(0)
    }

    /// Refuses a redemption by a person who has `held` of them.
    ///
    /// # Errors
    /// When the reward is not active or out of stock, or the person reached the limit.
    pub fn admit(&self, held: i64, now: Timestamp) -> Result<(), Problem> {
        if !self.is_active(now) {
            let detail = "This reward is not available now. See the other rewards.";
            return Err(Problem::new(ProblemKind::Conflict, "REWARD_NOT_ACTIVE", detail));
        }
        if self.is_sold_out() {
            let detail = "This reward is sold out. Choose another one.";
            return Err(Problem::new(ProblemKind::Conflict, "REWARD_OUT_OF_STOCK", detail));
        }
        match self.person_limit {
            Some(limit) if held >= limit => {
                let detail = format!(
                    "You can redeem this reward {limit} times at most. Choose another one."
                );
                Err(Problem::new(ProblemKind::Conflict, "REWARD_LIMIT_REACHED", detail))
            }
            _ => Ok(()),
        }
    }
}

/// Reads the claim details of a person. Returns `None` if the reward needs none.
///
/// # Errors
/// When an address is missing or not valid.
pub fn read_claim(kind: ClaimKind, typed: &str) -> Result<Option<String>, Problem> {
    let refused = |detail| invalid_reward("claim", detail);
    match kind {
        ClaimKind::None | ClaimKind::Code => Ok(None),
        ClaimKind::Email => match identity::rules::email_address(typed.trim()) {
            Ok(address) => Ok(Some(address)),
            Err(problem) => Err(refused(problem.detail)),
        },
        ClaimKind::Address => {
            let address = typed::paragraphs(typed, "The address", ADDRESS).map_err(refused)?;
            if address.is_empty() {
                Err(refused("Enter the address to which we send the reward.".to_owned()))
            } else {
                Ok(Some(address))
            }
        }
    }
}

/// Reads codes, one a line. Doubled ones count once.
///
/// # Errors
/// When there are none or too many, or a line is too long.
pub fn read_codes(lines: &str) -> Result<Vec<String>, Problem> {
    let (length, most) = CODES;
    let refused = |detail| invalid_reward("codes", detail);
    let (mut seen, mut codes) = (BTreeSet::new(), Vec::new());
    for line in lines.lines() {
        let code = typed::optional_line(line, "A code", length).map_err(refused)?;
        if !code.is_empty() && seen.insert(code.clone()) {
            codes.push(code);
        }
    }
    match codes.len() {
        0 => Err(refused("Enter at least one code.".to_owned())),
        count if count > most => Err(refused(format!("Add at most {most} codes at a time."))),
        _ => Ok(codes),
    }
}

/// Refuses a change of status: a redemption takes one step after another, an admin cancels it until it is delivered, and the
/// person while it is requested.
///
/// # Errors
/// When the change is none of these.
pub fn admit_step(
    from: RedemptionStatus,
    to: RedemptionStatus,
    by_admin: bool,
) -> Result<(), Problem> {
    let is_admitted = match to {
        RedemptionStatus::Canceled if by_admin => from.is_open(),
        RedemptionStatus::Canceled => from == RedemptionStatus::Requested,
        to => by_admin && from.next().is_some_and(|(next, _)| next == to),
    };
    if is_admitted {
        Ok(())
    } else {
        let detail = format!(
            "The redemption is {}, so it cannot become {}. Reload the page.",
            from.as_str(),
            to.as_str()
        );
        Err(Problem::new(ProblemKind::Conflict, "REDEMPTION_STATUS", detail))
    }
}

#[cfg(test)]
mod tests;
