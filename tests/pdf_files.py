"""PDF files and scans such as offices make them, for tests."""

import io
import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pypdfium2
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

SONG = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(SONG))

_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for name, long in (
        ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"), ("fo", "xsl-fo-compatible"),
    )
)
_STYLES = """
<style:style style:name="Body" style:family="paragraph"><style:paragraph-properties
  fo:text-indent="32pt" fo:text-align="justify" fo:line-height="28pt"/>
  <style:text-properties {font} fo:font-size="16pt" style:font-size-asian="16pt"/></style:style>
<style:style style:name="Flat" style:family="paragraph" style:parent-style-name="Body">
  <style:paragraph-properties fo:text-indent="0pt"/></style:style>
<style:style style:name="Right" style:family="paragraph" style:parent-style-name="Flat">
  <style:paragraph-properties fo:text-align="end"/></style:style>
<style:style style:name="Title" style:family="paragraph"><style:paragraph-properties
  fo:text-align="center" fo:line-height="32pt"/>
  <style:text-properties {font} fo:font-size="22pt" style:font-size-asian="22pt"/></style:style>
<style:style style:name="Small" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/>
  <style:text-properties {font} fo:font-size="10.5pt" style:font-size-asian="10.5pt"/></style:style>
"""
