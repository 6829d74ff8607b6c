"""Many readers on Ray: replicas behind the HTTP service, and folders of any size.

Ray is an extra (`pip install '.[scale]'`); only this package imports it.
"""
