"""Addresses of the monthly reports."""

from django.urls import path

from . import reports

urlpatterns = [
    path("reports", reports.reports, name="monthly-reports"),
    path("reports/<uuid:report_id>", reports.monthly_report, name="monthly-report"),
    path("reports/<uuid:report_id>/progress", reports.monthly_report_progress,
         name="monthly-report-progress"),
    path("reports/<uuid:report_id>/file.<slug:form>", reports.monthly_report_file,
         name="monthly-report-file"),
    path("reports/<uuid:report_id>/issue", reports.monthly_report_issue,
         name="monthly-report-issue"),
]
