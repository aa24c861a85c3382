//! A form has no variants that a later release could not change.

use environ::Form;

const FORM: Form = Form::Type("percentage");

fn is_list(form: Form) -> bool {
    matches!(form, Form::List(_))
}

fn main() {
    let _ = is_list(FORM);
}
