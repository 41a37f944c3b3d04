"""What users choose for themselves."""

import zoneinfo

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.models import User


class PreferencesForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(name, name) for name in sorted(zoneinfo.available_timezones())]
    )

    class Meta:
        model = User
        fields = ["language", "time_zone", "theme", "shortcuts"]
