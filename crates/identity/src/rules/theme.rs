use kernel::{Problem, ProblemKind};
use platform::theme::Theme;

/// Reads a chosen color scheme: a scheme, or `None` for the one of the device.
///
/// # Errors
/// When the text names neither.
pub fn theme_named(text: &str) -> Result<Option<Theme>, Problem> {
    if text == "device" {
        return Ok(None);
    }
    let unknown = || {
        let detail = "Unknown theme. Choose device, light or dark.";
        Problem::new(ProblemKind::Invalid, "NO_SUCH_THEME", detail)
    };
    Theme::named(text).map(Some).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_light_or_dark_or_the_one_of_the_device() {
        assert_eq!(theme_named("device"), Ok(None));
        assert_eq!(theme_named("dark"), Ok(Some(Theme::Dark)));
        for wrong in ["", "neon", "Dark"] {
            assert_eq!(theme_named(wrong).expect_err(wrong).code, "NO_SUCH_THEME");
        }
    }
}
