/** CycloneDX bills of materials (BOM) of the locked models. */
@NullMarked
package io.github.modelcache.sbom;

import org.jspecify.annotations.NullMarked;
