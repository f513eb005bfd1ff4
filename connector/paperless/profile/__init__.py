"""The setup profile: what is to stand on a paperless-ngx server before and while records are filed there.

As Plone's setup profiles: the wanted state is data made from the configuration (`wanted`), the difference to what stands
there is a pure function (`plan`), and carrying it out (`setup`) may be repeated for ever. The names and types decided here
are the ones that filing uses; nothing else decides any.
"""
