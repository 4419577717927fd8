//! Finds issues that advertise, or say nothing.

use std::sync::LazyLock;

use super::{
    body::{Body, unquoted, weight},
    phrases::{Phrases, Text},
};

/// Phrases of advertising, each with its weight. Those that honest projects use weigh 1, and never suffice alone.
static ADVERTISING: LazyLock<Phrases<u32>> = LazyLock::new(|| {
    let weighed = [(1, SUBJECTS), (2, OFFERS), (6, CERTAIN)];
    Phrases::of(
        weighed
            .into_iter()
            .flat_map(|(weight, list)| list.split(',').map(move |phrase| (phrase.trim(), weight))),
    )
});

/// Subjects of advertising.
const SUBJECTS: &str = "casino, betting, poker, jackpot, free spins, airdrop, bitcoin, crypto, wallet, whatsapp, telegram, seo, \
    backlink, discount, promo code, coupon, loan, viagra, cialis, escort, giveaway, followers, essay, hiring, weight loss, keto, \
    supplement, customer service, phone number, free download, instagram, youtube, tiktok, license key, congratulations, \
    best online, online casino, cheap, call now, limited time, click here, call us, bonus, reward, prize, full movie, free hd, \
    hacktoberfest, no prescription, profit, gummies, pills";

/// Offers and requests.
const OFFERS: &str = "play now, buy now, order now, visit our website, visit our site, visit my website, official website, \
    limited offer, free shipping, contact us on, contact them, deposit bonus, real money, without prescription, make money, earn money, \
    money from home, guaranteed profit, guaranteed returns, claim your, connect your wallet, toll free, support number, service number, \
    customer service number, service phone number, instant delivery, watch full movie, movie online, full movie online, mod apk, unlimited coins, \
    guest posts, seo agency, seo service, seo services, essay writing, buy cheap, best online casino, loan approval, apply now, \
    send your cv, we are hiring, star my, and follow me, i follow back, casino online, license key free, key free download, \
    win real, was selected, daily profit, weight loss pills, weight loss supplement, real followers, instagram followers, contact me on whatsapp, \
    free tokens, claim now, free trial now, dm me, earn $, special discount, register now, sign up now, крипто, ставки, купить дешево, \
    заработок, tanpa deposit, deposit pulsa, bandar, togel";

/// Phrases that no honest issue contains outside of quotations.
const CERTAIN: &str = "slot gacor, judi online, situs judi, link alternatif, slot online, agen slot, buy viagra, buy cialis, buy followers, \
    buy instagram followers, buy real followers, star my repo, star my repository, please star my, subscribe to my channel, \
    subscribe to my youtube, my youtube channel, follow me on github, assign me any issue, assign me an issue, assign me some issue, \
    recover your lost, recovered my bitcoin, lost my bitcoin, double your bitcoin, онлайн казино, casino en ligne bonus, \
    claim your free, claim your reward, best essay, you are eligible for, make money from home, earn money online, work from home and earn";

/// Parts of words in scripts without spaces, each of which suffices.
const PARTS: [&str; 10] = [
    "娱乐城",
    "博彩",
    "彩金",
    "百家乐",
    "六合彩",
    "时时彩",
    "代开发票",
    "카지노",
    "토토사이트",
    "オンラインカジノ",
];

/// The weight from which an issue advertises.
const ADVERTISES: u32 = 4;
/// How much a description must say if the title says nothing.
const LITTLE: usize = 40;

/// Returns whether an issue advertises. Quotations and code do not count, and references to files or code count against it.
#[must_use]
pub fn advertises(title: &str, body: &Body) -> bool {
    let text = format!("{}\n{}", unquoted(title), unquoted(&body.prose));
    if PARTS.iter().any(|part| text.contains(part)) {
        return true;
    }
    let words = Text::read(&text);
    let (subjects, offers): (Vec<u32>, Vec<u32>) =
        ADVERTISING.find(&words).partition(|weight| *weight == 1);
    let has_number = has_phone_number(&text);
    // Subjects alone are no offer: a game about cards is full of them. Advertising also says where to go; without that, an
    // issue may describe a shop.
    let says_where = body.links > 0 || has_number || text.contains('@');
    let subjects = (subjects.len() as u32).min(if says_where { 4 } else { 2 });
    let signs = subjects
        + offers.iter().sum::<u32>()
        + u32::from(!offers.is_empty() && body.links > 0)
        + if has_number && (subjects > 0 || !offers.is_empty()) { 2 } else { 0 };
    let technical = 2 * u32::from(body.files > 0)
        + 2 * u32::from(body.code_blocks > 0)
        + u32::from(body.steps > 1);
    let needed = ADVERTISES + technical + u32::from(!says_where);
    (!offers.is_empty() || has_number) && signs >= needed
}

/// Returns whether a text contains a telephone number: ten or more digits in groups, with a plus sign or three groups.
fn has_phone_number(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')');
    text.split(|c| !is_part(c)).any(|run| {
        let digits = run.chars().filter(char::is_ascii_digit).count();
        let groups = run.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
        (9..=15).contains(&digits) && groups.count() >= 3 && run.contains(['+', '-'])
    })
}

/// Words that titles of templates and of tests consist of.
const EMPTY_WORDS: [&str; 38] = [
    "bug",
    "report",
    "feature",
    "request",
    "new",
    "issue",
    "issues",
    "untitled",
    "title",
    "short",
    "description",
    "test",
    "testing",
    "hi",
    "hello",
    "hey",
    "help",
    "please",
    "question",
    "the",
    "a",
    "my",
    "first",
    "world",
    "problem",
    "error",
    "todo",
    "asdf",
    "qwerty",
    "foo",
    "bar",
    "here",
    "your",
    "enter",
    "no",
    "name",
    "summary",
    "placeholder",
];

/// Returns whether an issue says nothing: neither the title nor the description has words of its own.
#[must_use]
pub fn says_nothing(title: &str, body: &Body) -> bool {
    let said = if is_mashed_text(&body.prose) { 0 } else { weight(&body.prose) };
    let has_more = body.code_blocks + body.images + body.files > 0;
    let says_little = said < LITTLE && !has_more;
    says_little && is_empty_title(title)
}

fn is_empty_title(title: &str) -> bool {
    let title = without_brackets(title);
    let words = Text::read(&title);
    let is_empty = |word: &str| {
        EMPTY_WORDS.contains(&word)
            || word.chars().all(|c| c.is_ascii_digit() || c == '.')
            || is_mashed(word)
    };
    weight(&title) < 4 || words.words().all(is_empty)
}

fn is_mashed_text(text: &str) -> bool {
    let words = Text::read(text);
    words.words().all(|word| is_mashed(word) || EMPTY_WORDS.contains(&word))
}

/// Returns whether a word was typed at random: one or two characters again and again, a row of the keyboard, or no vowels.
fn is_mashed(word: &str) -> bool {
    const ROWS: [&str; 4] = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "sdfsdfsdfsdfsdfsdf"];
    let length = word.chars().count();
    let distinct = word.chars().collect::<std::collections::BTreeSet<_>>().len();
    let is_latin = word.chars().all(|c| c.is_ascii_lowercase());
    let is_row = ROWS.iter().any(|row| row.contains(word));
    let has_no_vowel = !word.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let is_of_home_row = word.chars().all(|c| "asdfghjkl".contains(c));
    is_latin
        && (length >= 4 && (distinct <= 2 || is_row)
            || length >= 8 && (has_no_vowel || is_of_home_row && distinct <= 5))
}

/// Returns a title without `[Bug]` and `<title>`.
fn without_brackets(title: &str) -> String {
    let mut kept = String::new();
    let mut depth = 0_usize;
    for c in title.chars() {
        match c {
            '[' | '<' => depth += 1,
            ']' | '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advertising_is_found() {
        for (title, body, expected) in [
            ("Casino table overlaps the cards", "Free spins are lost in the casino.", false),
            ("Best online casino", "Register now and play now: https://x.example", true),
            ("WhatsApp messages are not parsed", "See src/chat.rs", false),
            ("The filter lets \"buy viagra online\" pass", "", false),
            ("Buy viagra online", "", true),
            ("Support line", "Call our toll free number +1-888-555-0123", true),
            ("Phone +1 800 555 0100 is refused", "The form refuses it.", false),
            ("登录", "注册送彩金 https://x.example", true),
        ] {
            assert_eq!(advertises(title, &Body::read(body)), expected, "{title}");
        }
    }

    #[test]
    fn empty_issues_are_found() {
        for (title, body, expected) in [
            ("test", "", true),
            ("[Bug]: ", "_No response_", true),
            ("Bug report", "The importer stops at the first empty line of a file.", false),
            ("Fix typo", "", false),
            ("错误的日期", "", false),
            ("[RFC] Streams", "", false),
            ("hjkl", "asdf", true),
            ("rhythms", "", false),
            ("", "", true),
            ("404", "", true),
            ("404 on docs page", "", false),
        ] {
            assert_eq!(says_nothing(title, &Body::read(body)), expected, "{title}");
        }
    }
}
