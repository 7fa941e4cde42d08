"""From what lives in a service to the YAML that declares it: functions of objects and facts.

No service is asked, no file is written.
"""
