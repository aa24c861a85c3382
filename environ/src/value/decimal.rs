//! Decimal numbers as people and other programs write them: `1_000`, `1,5`, `1e3`.

/// A number: `digits` times ten to the power of `-places`.
#[derive(Clone, Copy)]
pub(super) struct Decimal {
    pub(super) digits: u128,
    places: i64,
}

impl Decimal {
    /// Reads `5`, `.5`, `1_000`, `1,5`, `1,000` and `1e3`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let exponent: i64 = exponent.parse().ok()?;
        let mantissa = with_point(mantissa);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((&mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if !digits.bytes().all(|letter| letter.is_ascii_digit()) {
            return None;
        }
        let places = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        digits.parse().ok().map(|digits| Self { digits, places })
    }

    /// Returns the number times `unit`, rounded up, and whether that is exact.
    pub(super) fn times(self, unit: u128) -> Option<(u128, bool)> {
        let product = self.digits.checked_mul(unit)?;
        let power = |places| 10_u128.checked_pow(u32::try_from(places).ok()?);
        if self.places <= 0 {
            let scaled = product.checked_mul(power(self.places.checked_neg()?)?)?;
            return Some((scaled, true));
        }
        let divisor = power(self.places)?;
        Some((product.div_ceil(divisor), product % divisor == 0))
    }

    /// Returns the number in digits, with a point before a fraction, unless it is very long.
    pub(super) fn text(self) -> Option<String> {
        let mut digits = self.digits.to_string();
        if self.places <= 0 {
            let zeros = usize::try_from(self.places.checked_neg()?).ok()?;
            return (zeros < MAX_ZEROS).then(|| digits + &"0".repeat(zeros));
        }
        let places = usize::try_from(self.places)
            .ok()
            .filter(|it| *it < MAX_ZEROS)?;
        let zeros = (places + 1).saturating_sub(digits.len());
        digits.insert_str(0, &"0".repeat(zeros));
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let number = format!("{whole}.{fraction}");
        Some(
            number
                .trim_end_matches('0')
                .trim_end_matches('.')
                .to_owned(),
        )
    }
}

/// A number with more zeros is not written by hand.
const MAX_ZEROS: usize = 40;

/// Returns the digits without separators of groups, and with a point before the fraction:
/// commas with three digits after each separate groups, else a comma is a point.
pub(super) fn with_point(number: &str) -> String {
    let number = number.replace('_', "");
    let is_grouped = number.split(',').skip(1).all(|group| group.len() == 3);
    number.replace(',', if is_grouped { "" } else { "." })
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn a_number_is_written_in_digits_unless_it_has_40_zeros() {
        let zeros = "0".repeat(39);
        let (large, small) = (format!("1{zeros}"), format!("0.{}1", &zeros[1..]));
        for (text, written) in [
            ("1e39", Some(&*large)),
            ("1e40", None),
            ("1e-39", Some(&*small)),
            ("1e-40", None),
            ("25e-1", Some("2.5")),
            ("1.50", Some("1.5")),
            ("10.0", Some("10")),
            (".5", Some("0.5")),
            ("1,5", Some("1.5")),
            ("1,000", Some("1000")),
            ("1_000", Some("1000")),
        ] {
            let number = Decimal::parse(text).unwrap();
            assert_eq!(number.text().as_deref(), written, "{text}");
        }
    }
}
